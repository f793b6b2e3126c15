/**
 * All that reads lesson files, with the libraries it takes. In Node this is a file of its own that is loaded with the
 * first lesson: it has its own copy of the strings, to be configured where it is loaded.
 */
import * as l10n from '@vscode/l10n';

export { parseLesson } from './parse.ts';

export function speak(strings: Readonly<Record<string, string>>): void {
  l10n.config({ contents: { ...strings } });
}
