/** Names of models: short, and no two alike. */

/** Models that come with the extension: folders of models/. The first is the default. */
export const embeddedModels = ['storyteller'] as const;

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
