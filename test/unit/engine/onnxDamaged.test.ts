/** An ONNX file that is damaged, hostile or of a kind that cannot be shown ends in one clear problem that names what is wrong. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { Model } from '../../../src/engine/model.ts';
import { analyse } from '../../../src/engine/onnx/door/analysis.ts';
import { readGraphFile } from '../../../src/engine/onnx/door/graphFile.ts';
import { encodeModel, type Initializer, type Node, type OnnxGraph, type OutputInfo } from '../../../src/engine/onnx/model.ts';
import { ProblemError, problemOf } from '../../../src/engine/problemError.ts';
import { describe as sentence } from '../../../src/problems.ts';
import type { Problem } from '../../../src/protocol.ts';
import { root, runtime } from '../../support/engine.ts';
import { generator } from '../../support/generatedModel.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';

const exported = (name: string): Uint8Array => readFileSync(join(root, 'test/fixtures/onnx', name, 'model.onnx'));

async function problem(work: Promise<unknown>): Promise<Problem> {
  const found = await work.then(() => null, problemOf);
  if (!found) throw new Error('it was opened');
  expect(sentence(found).message).not.toContain('?');
  return found;
}

const read = (bytes: Uint8Array, beside: Record<string, Uint8Array> = {}): Promise<Problem> => problem(readGraphFile(memoryFiles({ 'model.onnx': bytes, ...beside }), 'model.onnx'));
const open = (bytes: Uint8Array): Promise<Problem> => problem(Model.load({ name: 'memory', location: '' }, memoryFiles({ 'model.onnx': bytes }), runtime()));

const IDS: OutputInfo = { name: 'input_ids', type: 'int64', shape: ['batch', 'length'] };
const node = (op: string, inputs: readonly string[], output: string, more: Partial<Node> = {}): Node => ({ op, inputs, outputs: [output], attributes: {}, ...more });
const floatTensor = (name: string, shape: readonly number[]): Initializer => ({
  name,
  type: 'float32',
  shape,
  data: new Uint8Array(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + 1)).buffer),
});
const wholeTensor = (name: string, ...values: number[]): Initializer => ({ name, type: 'int64', shape: [values.length], data: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) });

const graph = (nodes: readonly Node[], more: Partial<OnnxGraph> = {}): Uint8Array =>
  encodeModel({ name: 'hand-made', nodes, initializers: [], inputs: [{ ...IDS, shape: IDS.shape ?? [] }], outputs: [], ...more });

/** Two heads of width 4 over eleven tokens, around one attention operator. */
const around = (attention: Node, initializers: readonly Initializer[] = []): Uint8Array =>
  graph(
    [node('Gather', ['table', 'input_ids'], 'x'), ...['q', 'k', 'v'].map((part) => node('MatMul', ['x', `w${part}`], part)), attention, node('MatMul', ['z', 'head'], 'logits')],
    { initializers: [floatTensor('table', [11, 8]), floatTensor('wq', [8, 8]), floatTensor('wk', [8, 8]), floatTensor('wv', [8, 8]), floatTensor('head', [8, 11]), ...initializers], outputs: [{ name: 'logits', type: 'float32' }] },
  );

const fused = (op: string, inputs: readonly string[], attributes: Node['attributes'] = {}): Node => node(op, inputs, 'z', { domain: 'com.microsoft', attributes: { num_heads: { int: 2 }, ...attributes } });

/** A weight as `TensorProto` says it lies outside. */
const outside = (location: string, offset = 0, length = 4096): Uint8Array => graph([], { initializers: [{ name: 'w', type: 'float32', shape: [1024], data: { location, offset, length } }] });

describe('a damaged ONNX file', () => {
  it('that was cut short anywhere', async () => {
    const whole = exported('llama-attention');
    for (let length = 0; length < whole.length; length += 1501) {
      expect(await read(whole.subarray(0, length)), `${String(length)} bytes`).toMatchObject({ code: 'onnx.damaged', facts: { file: 'model.onnx' } });
    }
  });

  it('with changed bytes is read, or refused as damaged or unfit', async () => {
    const random = generator(5);
    for (let round = 0; round < 300; round++) {
      const bytes = exported('llama-attention').slice();
      for (let change = 0; change < 4; change++) bytes[Math.floor(random() * 6000)] = Math.floor(random() * 256);
      const found = await analyse(memoryFiles({ 'model.onnx': bytes }), 'model.onnx', 'only').catch((thrown: unknown) => thrown);
      if (found instanceof Error) {
        expect(found, String(found.stack)).toBeInstanceOf(ProblemError);
        expect(problemOf(found).code).toMatch(/^onnx\./);
      }
    }
  });

  it('that is something else', async () => {
    expect(await read(new TextEncoder().encode('{"this": "is JSON"}'))).toMatchObject({ code: 'onnx.damaged' });
    expect(await read(new Uint8Array())).toMatchObject({ code: 'onnx.damaged', facts: { detail: 'it holds no graph' } });
  });

  it('whose graph goes in a circle', async () => {
    expect(await read(graph([node('Relu', ['b'], 'a'), node('Relu', ['a'], 'b')]))).toMatchObject({ code: 'onnx.damaged', facts: { detail: 'a node of the kind Relu uses "b", which nothing before it makes' } });
    expect(await read(graph([node('Relu', ['input_ids'], 'a'), node('Relu', ['a'], 'a')]))).toMatchObject({ facts: { detail: '"a" is made twice' } });
  });

  it('with a name of a megabyte', async () => {
    expect(await read(graph([node('Relu', ['input_ids'], 'x'.repeat(2 ** 20))]))).toMatchObject({ code: 'onnx.damaged', facts: { detail: 'a name has 1048576 characters' } });
  });

  it('with branches in branches in branches', async () => {
    let nested: OnnxGraph = { name: '', nodes: [node('Relu', ['input_ids'], 'a')], initializers: [], inputs: [], outputs: [] };
    for (let depth = 0; depth < 40; depth++) nested = { ...nested, nodes: [node('If', ['input_ids'], 'a', { attributes: { then_branch: { graph: nested } } })] };
    expect(await read(graph(nested.nodes))).toMatchObject({ code: 'onnx.damaged', facts: { detail: 'branches are nested too deeply' } });
  });

  it('that announces more than there is', async () => {
    const writer = new BinaryWriter();
    writer.tag(7, WireType.LengthDelimited).uint64(2n ** 62n);
    expect(await read(writer.finish())).toMatchObject({ code: 'onnx.damaged' });
  });

  it.each([[[-1, 4]], [[2 ** 45, 2]], [[2 ** 39, 2 ** 39]]])('with a weight of the shape %j', async (shape) => {
    expect(await read(graph([], { initializers: [{ name: 'w', type: 'float32', shape, data: new Uint8Array(8) }] }))).toMatchObject({ code: 'onnx.damaged' });
  });

  it('whose weight has other bytes than its shape asks for', async () => {
    const short = { name: 'w', type: 'float32', shape: [1000], data: new Uint8Array(2000) } as const;
    expect(await read(graph([], { initializers: [short] }))).toMatchObject({ facts: { detail: 'tensor "w" should have 4000 bytes, not 2000' } });
    expect(await read(graph([], { initializers: [{ ...short, type: 77 }] }))).toMatchObject({ facts: { detail: 'tensor "w" has values of the unknown type 77' } });
  });
});

describe('weights beside an ONNX file', () => {
  it.each(['../secret', '/etc/passwd', 'C:\\secret', 'a/../../secret', '..\\secret', 'a//b', '', 'x\0y'])('may not lie at %j', async (location) => {
    expect(await read(outside(location), { '../secret': new Uint8Array(4096), secret: new Uint8Array(4096) })).toMatchObject({ code: 'onnx.damaged', facts: { detail: expect.stringContaining('outside of the folder') as string } });
  });

  it('must be there, and long enough', async () => {
    expect(await read(outside('model.onnx_data'))).toMatchObject({ facts: { detail: 'tensor "w" lies in model.onnx_data, which is missing' } });
    const beside = { 'model.onnx_data': new Uint8Array(4096) };
    expect(await read(outside('model.onnx_data', 8), beside)).toMatchObject({ facts: { detail: 'tensor "w" lies in model.onnx_data up to byte 4104, but that has 4096' } });
    expect(await read(outside('model.onnx_data', -1), beside)).toMatchObject({ facts: { detail: '"-1" is no place in a file' } });
  });
});

describe('an ONNX file that is whole', () => {
  it('but asks for what a text does not give', async () => {
    const asks = graph([node('Relu', ['pixel_values'], 'a')], { inputs: [{ ...IDS, shape: ['b', 't'] }, { name: 'pixel_values', type: 'float32', shape: [1, 3, 224, 224] }] });
    expect(await open(asks)).toEqual({ code: 'onnx.input', facts: { file: 'model.onnx', input: 'pixel_values' } });
  });

  it('but takes texts of one length only', async () => {
    expect(await open(graph([], { inputs: [{ ...IDS, shape: [1, 128] }] }))).toMatchObject({ code: 'onnx.unfit', facts: { detail: '"input_ids" takes exactly 128 tokens; export it with a free length' } });
  });

  it('but attends nowhere', async () => {
    expect(await open(around(node('Add', ['q', 'k'], 'z')))).toEqual({ code: 'onnx.noAttention', facts: { file: 'model.onnx' } });
  });

  it.each([
    ['QAttention', ['q', 'k', 'v'], {}, 'its inputs and masks are of a kind of their own'],
    ['MultiHeadAttention', ['q', '', ''], {}, 'queries, keys and values come packed into one'],
    ['Attention', ['x', 'wq'], { do_rotary: { int: 1 } }, 'it turns its queries and keys by itself'],
    ['GroupQueryAttention', ['q', 'k', 'v'], { kv_num_heads: { int: 2 }, smooth_softmax: { int: 1 } }, 'part of its attention goes to no token'],
  ])('but keeps its attention inside %s(%j) %j', async (op, inputs, attributes, detail) => {
    expect(await open(around(fused(op, inputs, attributes)))).toEqual({ code: 'onnx.fused', facts: { file: 'model.onnx', op, detail } });
  });

  it('but whose fused attention does more than was computed beside it', async () => {
    const found = await open(around(fused('MultiHeadAttention', ['q', 'k', 'v', '', 'seen']), [{ name: 'seen', type: 6, shape: [1], data: new Uint8Array(Int32Array.of(2).buffer) }]));
    expect(found).toMatchObject({ code: 'onnx.unfit', facts: { detail: expect.stringMatching(/^what was computed beside its fused attention differs from it by \d+\.\d %/) as string } });
  });

  it('but whose softmax is no attention over tokens', async () => {
    const halves = [
      ...['q', 'k'].map((part) => node('Reshape', [part, 'pairs'], `${part}2`)),
      node('Transpose', ['k2'], 'kt', { attributes: { perm: { ints: [0, 2, 1] } } }),
      node('MatMul', ['q2', 'kt'], 'scores'),
      node('Softmax', ['scores'], 'p', { attributes: { axis: { int: -1 } } }),
      node('MatMul', ['p', 'k2'], 'z2'),
      node('Reshape', ['z2', 'rows'], 'z'),
    ];
    const table = [floatTensor('table', [11, 8]), floatTensor('wq', [8, 8]), floatTensor('wk', [8, 8]), wholeTensor('pairs', 0, -1, 4), wholeTensor('rows', 0, -1, 8)];
    const whole = graph([node('Gather', ['table', 'input_ids'], 'x'), node('MatMul', ['x', 'wq'], 'q'), node('MatMul', ['x', 'wk'], 'k'), ...halves], { initializers: table, outputs: [{ name: 'z', type: 'float32' }] });
    expect(await open(whole)).toMatchObject({ code: 'onnx.unfit', facts: { detail: 'its attention is [1, 1, 10, 10], not one weight for each head, query and key (blocks.0.attn.hook_pattern)' } });
  });
});
