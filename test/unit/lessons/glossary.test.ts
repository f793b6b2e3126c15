/** The words of the course: each in both languages, and Chinese lessons and strings keep to them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { root } from '../../support/engine.ts';
import { lessonNames } from '../../support/laboratory.ts';

const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const word = v.pipe(v.string(), v.nonEmpty());
const glossary = v.parse(v.array(v.strictObject({ en: word, 'zh-cn': word, meaning: v.strictObject({ en: word, 'zh-cn': word }), not: v.array(word) })), JSON.parse(text('media/lessons/glossary.json')));

const chinese = [...lessonNames('zh-cn').map((name) => `media/lessons/zh-cn/${name}.md`), 'l10n/bundle.l10n.zh-cn.json', 'package.nls.zh-cn.json'];

describe('the glossary', () => {
  it('has each term once', () => {
    for (const language of ['en', 'zh-cn'] as const) expect(new Set(glossary.map((entry) => entry[language])).size).toBe(glossary.length);
  });

  it('forbids no term that it gives itself', () => {
    const terms = glossary.map((entry) => entry['zh-cn']);
    expect(glossary.flatMap(({ not }) => not).filter((forbidden) => terms.some((term) => term.includes(forbidden)))).toEqual([]);
  });

  it.each(chinese)('%s keeps to its words', (path) => {
    const written = text(path);
    expect(glossary.flatMap(({ not }) => not).filter((forbidden) => written.includes(forbidden))).toEqual([]);
  });

  it('is used by the course', () => {
    const all = lessonNames('zh-cn').map((name) => text(`media/lessons/zh-cn/${name}.md`)).join('');
    expect(glossary.map((entry) => entry['zh-cn']).filter((term) => !all.includes(term))).toEqual([]);
  });
});
