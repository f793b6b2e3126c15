/** Names of models: short, and no two alike. */

import type { ModelKind } from '../protocol.ts';

export interface EmbeddedModel {
  /** A folder of models/. */
  readonly name: string;
  readonly kind: ModelKind;
}

/** Models that come with the extension, under its own licence. The first is the default. */
export const embeddedModels: readonly EmbeddedModel[] = [
  { name: 'storyteller', kind: 'decoder' },
  { name: 'reader', kind: 'encoder' },
  { name: 'translator', kind: 'encoder-decoder' },
  { name: 'recaller', kind: 'recurrent' },
];
export const embeddedLicence = 'mit';

/**
 * A name for an opened folder: its own, with as many of its parents as it takes to differ from
 * `taken`, and where even that does not help, a number.
 * @param folder absolute path or address, parts divided by `/` or `\`.
 */
export function folderName(folder: string, taken: readonly string[]): string {
  const parts = folder.split(/[/\\]+/).filter((part) => part !== '');
  const names = parts.map((_, parents) => parts.slice(parts.length - 1 - parents).join('/'));
  const own = names[0] ?? folder;
  return names.find((name) => !taken.includes(name)) ?? numbered(own, taken);
}

/** Whether a setting's value is a folder rather than a model's name. */
export function isAbsolutePath(path: string): boolean {
  return /^([/\\]|[A-Za-z]:[/\\])/.test(path);
}

function numbered(name: string, taken: readonly string[]): string {
  let number = 2;
  while (taken.includes(`${name} (${number})`)) number++;
  return `${name} (${number})`;
}
