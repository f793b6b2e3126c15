import { expect, it } from 'vitest';
import { wantedTargets } from '../../../src/panel/targetLanguage.ts';

it.each([
  ['zh-cn', undefined, '>>cmn_Hans<<'],
  ['zh-tw', undefined, '>>cmn_Hans<<'],
  ['en', undefined, '>>fra<<'],
  ['en', '>>cmn_Hans<<', '>>cmn_Hans<<'],
  ['zh-cn', '>>fra<<', '>>fra<<'],
])('in %s with %s chosen, %s is wanted most', (locale, chosen, first) => {
  expect(wantedTargets(locale, chosen)[0]).toBe(first);
});
