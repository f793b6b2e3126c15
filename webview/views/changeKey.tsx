/** Below the head grid, while it shows what experiments change: what its colours mean. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import { headChange, headChangeTrouble } from '../gridChanges.ts';
import { signColor } from '../graphs/graphLinks.ts';
import { theme } from '../store.ts';

export function ChangeKey(): JSX.Element | null {
  if (!headChange.value) return null;
  if (headChangeTrouble.value) return <p class="head-tags trouble">{headChangeTrouble.value.message}</p>;
  return (
    <p class="head-tags muted">
      <Swatch change={1}>{l10n.t('more than before')}</Swatch>
      <Swatch change={-1}>{l10n.t('less than before')}</Swatch>
      <span>{changeSentence()}</span>
    </p>
  );
}

/** On the page and in exports. */
export const changeSentence = (): string => l10n.t('Maps show what the experiments change; scores and letters are those before.');

function Swatch({ change, children }: { readonly change: number; readonly children: string }): JSX.Element {
  return (
    <span>
      <span class="change-swatch" style={{ '--hue': signColor(theme.value, change) }} aria-hidden="true" /> {children}
    </span>
  );
}
