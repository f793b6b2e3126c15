/** The embedded translator against `transformers`, made by test/goldens/translator_expected.py. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { spelled } from '../../../src/writtenText.ts';
import type { Model } from '../../../src/engine/model.ts';
import { encodeFor } from '../../../src/engine/target.ts';
import { loadModel, root } from '../../support/engine.ts';
import { largestError } from '../../support/largestError.ts';
import { readSafetensors } from '../../support/safetensorsFile.ts';
import { write } from '../../support/writing.ts';

const { tensors, metadata } = readSafetensors(join(root, 'test/fixtures/translator-expected.safetensors'));
const texts = JSON.parse(metadata['texts'] ?? '') as string[];
const translations = JSON.parse(metadata['translations'] ?? '') as Record<string, string>;
const idsOf = (name: string): number[] => [...(tensors.get(name)?.data ?? [])];

let model: Model;
beforeAll(async () => {
  model = await loadModel('models/translator');
});
afterAll(() => model.release());

it.each(Object.keys(translations))('translates as transformers does: %s', async (name) => {
  const [language = '', number = ''] = name.split('.');
  const { tokens, target } = encodeFor(model.tokenizer, texts[Number(number)] ?? '', [`>>${language}<<`]);
  expect(target).toBe(`>>${language}<<`);
  const text = tokens.map(({ id }) => id);
  expect(text).toEqual(idsOf(`${name}.input_ids`));
  const { trace } = await write(model, text);
  expect(trace.ids('output')).toEqual(idsOf(`${name}.target_ids`));
  expect(spelled(model.describe(trace.ids('output'), 'output'))).toBe(translations[name]);
});

it.each(['cmn_Hans.0', 'fra.0'])('looks at the text and at what it wrote as transformers does: %s', async (name) => {
  const { trace } = await write(model, idsOf(`${name}.input_ids`));
  const before = trace.ids('output').length - 1;
  for (const { part, layers, queries, keys } of model.info.attentions) {
    for (let layer = 0; layer < layers; layer++) {
      const pattern = await trace.pattern(part, layer);
      const [, heads = 0, rows = 0, columns = 0] = pattern.shape;
      const expected = tensors.get(`${name}.${part}.${String(layer)}.pattern`)?.data;
      // What is expected ends before the last token that was written.
      const [wantedRows, wantedColumns] = [queries === 'output' ? before : rows, keys === 'output' ? before : columns];
      const wanted = new Float32Array(heads * wantedRows * wantedColumns).map((_, i) => {
        const [row, column] = [Math.floor(i / wantedColumns), i % wantedColumns];
        return pattern.data[(Math.floor(row / wantedRows) * rows + (row % wantedRows)) * columns + column] ?? NaN;
      });
      expect(largestError(wanted, expected), `${part} ${String(layer)}`).toBeLessThanOrEqual(1e-4);
    }
  }
  expect(largestError((await trace.logits([before - 1])).data, tensors.get(`${name}.logits_last`)?.data)).toBeLessThanOrEqual(1e-3);
});
