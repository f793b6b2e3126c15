/** What is offered inside the blocks of a lesson. */
import { describe, expect, it } from 'vitest';
import { suggestionsAt } from '../../../src/lessons/completions.ts';

const offered = (before: string): string[] => suggestionsAt(before, ['storyteller', 'reader']).map(({ text }) => text);

describe('inside a block', () => {
  it.each<[string, string[]]>([
    ['```', ['show', 'claims', 'check']],
    ['```show\nmodel: ', ['storyteller', 'reader']],
    ['```show\npicture: ', ['graph', 'map', 'states', 'influence']],
    ['```show\naverage: ', ['true', 'false']],
    ['```show\n', ['model', 'text', 'picture', 'pin', 'experiments']],
    ['```check\n', ['kind']],
    ['```check\nkind: ', ['choice', 'guess', 'head', 'token', 'text', 'experiment', 'view']],
    ['```check\nkind: head\n', ['score', 'measure', 'above', 'answer', 'wrong']],
    ['```check\nkind: head\nscore: ', ['previous', 'induction']],
    ['```check\nkind: text\nmeasure: { ', ['probability', 'tokens']],
    ['```claims\na: { ', ['probability', 'attention', 'model']],
    ['```claims\na: { probability: " book", ', ['after', 'sampling', 'experiments']],
    ['```claims\na: { tokens: ', ['text', 'output']],
    ['```claims\na: { attention: { ', ['layer', 'head', 'from', 'to']],
  ])('%j offers %j', (before, expected) => {
    expect(offered(`## A {#a}\n\n${before}`)).toEqual(expect.arrayContaining(expected));
  });

  it.each(['Some prose, ', '```show\nmodel: storyteller\n```\n', '```js\nconst x = '])('%j offers nothing', (before) => {
    expect(offered(before)).toEqual([]);
  });
});
