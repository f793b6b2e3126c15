/** The page's entry: speaks the host's language, then draws what the host says. */
import * as l10n from '@vscode/l10n';
import { render } from 'preact';
import { sendHighlights } from './highlight.ts';
import { keepProbe } from './keepProbe.ts';
import { watchFocus } from './lesson/lostFocus.ts';
import { start } from './store.ts';
import { watchTheme } from './theme.ts';
import { registerControls } from './ui/toolkit.tsx';
import { Page } from './views/page.tsx';

const root = document.getElementById('page');
if (!root) throw new Error('The document has no element #page.');

registerControls();
watchTheme();
watchFocus();
start((hello) => {
  l10n.config({ contents: { ...hello.strings } });
  document.documentElement.lang = hello.locale;
  render(<Page />, root);
});
sendHighlights();
keepProbe();
