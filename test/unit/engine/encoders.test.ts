/** What is particular to encoders: they look both ways, fill masks, and some predict nothing. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { problemOf } from '../../../src/engine/problemError.ts';
import type { Problem } from '../../../src/protocol.ts';
import { loadModel, root, traceOf } from '../../support/engine.ts';

const IDS = [5, 17, 42, 5, 90, 17, 42];

const open = (name: string) => loadModel(`test/fixtures/${name}`);

/** What is said of a fixture whose config.json is changed. */
async function problemWith(fixture: string, fields: Readonly<Record<string, unknown>>): Promise<Problem> {
  const folder = mkdtempSync(join(tmpdir(), 'headlight-encoder-'));
  try {
    cpSync(join(root, 'test/fixtures', fixture), folder, { recursive: true });
    const config: unknown = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...(config as object), ...fields }));
    const found = await loadModel(folder).then(
      () => null,
      (thrown: unknown) => problemOf(thrown),
    );
    if (!found) throw new Error('the model was opened');
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.each(['bert-basic', 'roberta-basic', 'distilbert-basic'])('%s', (name) => {
  it('lets each token look at all', async () => {
    const model = await open(name);
    expect(model.info).toMatchObject({ kind: 'encoder', predicts: 'masked', attentions: [{ part: 'encoder', queries: 'text', keys: 'text', causal: false }] });
    const trace = await traceOf(model, IDS);
    const { data, shape } = await trace.pattern('encoder', 0);
    expect(shape).toEqual([1, model.info.heads, IDS.length, IDS.length]);
    for (const weight of data) expect(weight).toBeGreaterThan(0);
    await model.release();
  });

  it('computes everything again when a later token changes, since earlier ones see it', async () => {
    const model = await open(name);
    const before = await traceOf(model, IDS);
    const after = await traceOf(model, [...IDS.slice(0, -1), 43], { prefix: before });
    expect(after.reused.text).toBe(0);
    const [was, is] = [await before.logits([0]), await after.logits([0])];
    expect(was.data).not.toEqual(is.data);
    await model.release();
  });
});

it.each(['bert-bare', 'roberta-bare', 'distilbert-bare'])('%s has attention, and predicts nothing', async (name) => {
  const model = await open(name);
  expect(model.info.predicts).toBe('nothing');
  const trace = await traceOf(model, IDS);
  expect((await trace.pattern('encoder', 1)).shape).toEqual([1, model.info.heads, IDS.length, IDS.length]);
  expect(problemOf(await trace.logits([0]).catch((thrown: unknown) => thrown))).toMatchObject({ code: 'model.predictsNothing' });
  await model.release();
});

it('RoBERTa has fewer positions than rows for them', async () => {
  const model = await open('roberta-basic');
  expect(model.info.positions).toBe(19 - 2); // Counted on from the padding token, which is 1.
  await model.release();
});

it.each<[string, Readonly<Record<string, unknown>>, string, RegExp]>([
  ['bert-basic', { is_decoder: true }, 'model.badConfig', /is_decoder/],
  ['bert-basic', { add_cross_attention: true }, 'model.badConfig', /add_cross_attention/],
  ['bert-basic', { position_embedding_type: 'relative_key' }, 'model.badConfig', /position_embedding_type: only "absolute"/],
  ['bert-basic', { num_attention_heads: 3 }, 'model.badConfig', /not a multiple of num_attention_heads 3/],
  ['bert-basic', { hidden_act: 'snake' }, 'model.badConfig', /"snake"/],
  ['bert-basic', { num_hidden_layers: 3 }, 'model.missingTensor', /encoder\.layer\.2/],
  ['bert-basic', { type_vocab_size: 3 }, 'model.wrongShape', /token_type_embeddings/],
  ['bert-basic', { tie_word_embeddings: false }, 'model.missingTensor', /decoder/],
  ['roberta-basic', { pad_token_id: null }, 'model.badConfig', /pad_token_id/],
  ['roberta-basic', { pad_token_id: 18 }, 'model.badConfig', /max_position_embeddings is 19/],
  ['distilbert-basic', { n_heads: 5 }, 'model.badConfig', /not a multiple of n_heads 5/],
  ['distilbert-basic', { hidden_dim: 25 }, 'model.wrongShape', /ffn\.lin1/],
])('%s with %o is refused', async (fixture, fields, code, detail) => {
  const found = await problemWith(fixture, fields);
  expect(found.code).toBe(code);
  expect(Object.values(found.facts).join(' ')).toMatch(detail);
});
