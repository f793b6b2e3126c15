/** The published schema says what is checked: made of the check, and held to it by examples both ways. */
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parseProbe } from '../../../src/probeFiles/parseProbe.ts';
import { probeSchema } from '../../../src/probeFiles/probeSchema.ts';
import { probeText } from '../../../src/probeFiles/writeProbe.ts';
import { root } from '../../support/engine.ts';
import { plain, probe } from './probes.ts';

const path = join(root, 'media/probe.schema.json');

/** What the check is as a schema: no entry is allowed that it does not name. */
function published(): string {
  const schema = toJsonSchema(probeSchema, {
    typeMode: 'input',
    // What they say has no words in a schema, or is said by its type.
    ignoreActions: ['guard', 'finite', 'readonly'],
    overrideSchema: ({ jsonSchema }) => (jsonSchema.type === 'object' ? { ...jsonSchema, additionalProperties: false } : undefined),
  });
  return `${JSON.stringify({ ...schema, title: 'Headlight probe', description: 'A model, a text, what is switched off, how it is looked at, and what came of it.' }, null, 2)}\n`;
}

describe('the published schema', () => {
  it('is made of the check (npx vitest run -u test/unit/probeFiles writes it anew)', async () => {
    await expect(published()).toMatchFileSnapshot(path);
  });

  const validate = new Ajv({ strict: false }).compile(JSON.parse(published()) as object);
  const raw = (): Record<string, unknown> => JSON.parse(probeText(probe)) as Record<string, unknown>;
  const examples: readonly (readonly [string, unknown])[] = [
    ['everything', raw()],
    ['little', JSON.parse(probeText(plain))],
    ['no schema named', { ...raw(), $schema: undefined }],
    ['another version', { ...raw(), headlightProbe: 2 }],
    ['an unknown entry', { ...raw(), extra: 1 }],
    ['an unknown setting', { ...raw(), view: { zoom: 1 } }],
    ['a setting out of range', { ...raw(), view: { percent: 101 } }],
    ['an unknown picture', { ...raw(), view: { picture: 'x' } }],
    ['an unknown part of a pin', { ...raw(), view: { pinned: { sequence: 'text', token: 0, more: 0 } } }],
    ['no experiments', { ...raw(), experiments: [] }],
    ['an experiment on nothing', { ...raw(), experiments: [{ on: true }] }],
    ['an unknown experiment', { ...raw(), experiments: [{ on: true, intervention: { kind: 'everything' } }] }],
    ['an experiment that names more than it needs', { ...raw(), experiments: [{ on: true, intervention: { kind: 'token', token: 1, layer: 2 } }] }],
    ['a negative layer', { ...raw(), experiments: [{ on: true, intervention: { kind: 'attention', part: 'decoder', layer: -1, by: 'zero' } }] }],
    ['no text', { ...raw(), text: '' }],
    ['a long text', { ...raw(), text: 'x'.repeat(200_001) }],
    ['no fingerprint', { ...raw(), model: { name: 'a', kind: 'decoder', precision: 'float32' } }],
    ['no aim', { ...raw(), aim: null }],
    ['no result', { ...raw(), result: null }],
    ['a number as text', { ...raw(), windowStart: '3' }],
  ];
  it.each(examples)('says the same of %s', (_, example) => {
    const text = JSON.stringify(example);
    expect(validate(JSON.parse(text))).toBe(parseProbe(text).ok);
  });
  it('is no empty promise', () => {
    const verdicts = examples.map(([, example]) => validate(JSON.parse(JSON.stringify(example))));
    expect(new Set(verdicts)).toEqual(new Set([true, false]));
  });
});
