import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { getL10nJson } from '@vscode/l10n-dev';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url).pathname;

/** `npx @vscode/l10n-dev export --outDir l10n src webview` writes it; the other languages are written by hand. */
const english = bundle('bundle.l10n.json');

function bundle(file: string): Record<string, string> {
  return v.parse(v.record(v.string(), v.pipe(v.string(), v.nonEmpty())), JSON.parse(readFileSync(join(root, 'l10n', file), 'utf8')));
}

/** `{0}`, `{1}`, … of a sentence, each once. */
function placeholders(sentence: string): string[] {
  return [...new Set(sentence.match(/\{\d+\}/g))].sort();
}

describe('l10n/bundle.l10n.json', () => {
  it('holds every string of src/ and webview/, and no other', async () => {
    const files = ['src', 'webview'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(root, folder, file)));
    const sources = files
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => ({ extension: extname(file) === '.tsx' ? ('.tsx' as const) : ('.ts' as const), contents: readFileSync(file, 'utf8') }));
    const used = Object.keys(await getL10nJson(sources));
    expect({ missing: used.filter((key) => !(key in english)), unused: Object.keys(english).filter((key) => !used.includes(key)) }).toEqual({ missing: [], unused: [] });
  });
});

describe.each(readdirSync(join(root, 'l10n')).filter((file) => file !== 'bundle.l10n.json'))('l10n/%s', (file) => {
  const translated = bundle(file);

  it('translates every string, and no other', () => {
    expect({ missing: Object.keys(english).filter((key) => !(key in translated)), unused: Object.keys(translated).filter((key) => !(key in english)) }).toEqual({ missing: [], unused: [] });
  });

  it('fills in the same facts', () => {
    const different = Object.entries(translated).filter(([key, sentence]) => placeholders(sentence).join() !== placeholders(english[key] ?? '').join());
    expect(different).toEqual([]);
  });
});

it('there is Simplified Chinese', () => {
  expect(readdirSync(join(root, 'l10n'))).toContain('bundle.l10n.zh-cn.json');
});
