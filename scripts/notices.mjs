/** The licence texts of everything that is bundled, collected at build time. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Packages that name their licence but leave its text out of what npm installs. */
const standardTexts = new URL('./licences/', import.meta.url);

/**
 * @param {readonly string[]} inputs paths of bundled files, from esbuild's metafile
 * @returns {Promise<string>} one chapter a package, by name
 * @throws if a package neither brings a licence text nor names a licence whose text is in scripts/licences
 */
export async function thirdPartyNotices(inputs) {
  const folders = [...new Set(inputs.map(packageFolder).filter((folder) => folder !== null))].sort();
  const chapters = await Promise.all(folders.map(chapter));
  return ['Headlight contains code of these packages, each under its own licence.', ...chapters].join(`\n\n${'='.repeat(80)}\n\n`) + '\n';
}

/** @param {string} input @returns {string | null} the package a bundled file belongs to, null for our own files */
function packageFolder(input) {
  const match = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input);
  return match === null ? null : match[0];
}

/** @param {string} folder @returns {Promise<string>} */
async function chapter(folder) {
  const { name, version, license, author, homepage, repository } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const source = homepage ?? repository?.url ?? '';
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notices?|copying)(\.|$)/i.test(file)).sort();
  const texts = files.length > 0 ? files.map((file) => readFile(join(folder, file), 'utf8')) : licenceNames(license).map((licence) => standardText(name, licence, author));
  return [`${name} ${version} (${license})\n${source}`.trim(), ...(await Promise.all(texts)).map((text) => text.trim())].join('\n\n');
}

/** @param {string} expression an SPDX expression @returns {string[]} the licences it names */
function licenceNames(expression) {
  return expression.split(/[()\s]+/).filter((word) => word !== '' && word !== 'AND' && word !== 'OR');
}

/** @param {string} name @param {string} licence @param {string | { name: string } | undefined} author */
async function standardText(name, licence, author) {
  const holder = typeof author === 'object' ? author.name : (author ?? `The authors of ${name}`);
  try {
    return (await readFile(new URL(`${licence}.txt`, standardTexts), 'utf8')).replace('{holder}', holder);
  } catch (cause) {
    throw new Error(`${name} brings no licence text, and scripts/licences has none for ${licence}`, { cause });
  }
}
