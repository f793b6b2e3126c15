import { expect, it } from 'vitest';
import { measurementWords } from '../../../src/lessons/measurementWords.ts';

it('names tokens as they stand in the text, and the occurrence only where it is not the first', () => {
  expect(measurementWords({ surprisal: 'text:student#1' }, 'storyteller')).toBe('Surprisal of “student”, in bits (storyteller)');
  expect(measurementWords({ attention: { layer: 2, head: 0, part: 'cross', from: 'output:voiture', to: 'text:red' } }, 'translator')).toBe('Weight of the link from “voiture” to “red”, head 0 of layer 2 (translator)');
  expect(measurementWords({ probability: ' book', after: 'the#2' }, 'storyteller')).toBe('Probability of “ book” after “the#2” (storyteller)');
  expect(measurementWords({ lens: ' dog', layer: 1, of: 'rank', part: 'encoder', at: 'text:dog' }, 'translator')).toBe('Rank of “ dog” at “dog” after layer 1 of the encoder (logit lens) (translator)');
});
