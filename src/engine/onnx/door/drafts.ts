/** Stages made of exported graphs, before a run has told how many heads they have. */
import type { AttentionPart, Sequence } from '../../../protocol.ts';
import type { Analysis } from './analysis.ts';
import type { Appendix, Value } from './appendix.ts';
import type { FoundAttention } from './attentions.ts';
import { findEncoded, type Cut } from './cuts.ts';
import { unfit } from './damaged.ts';
import { ELEMENT } from './elementTypes.ts';
import { recompute } from './fused.ts';
import { ENCODED, GraphStageBuilder, type GraphStage } from './graphStage.ts';

/** A pattern that is a hook point. */
export interface DraftPattern {
  readonly hook: string;
  /** `single` where there is one sequence only. */
  readonly part: AttentionPart | 'single';
  readonly layer: number;
}

export interface Drafts {
  /** In the order they run; the last is the head, if there is one. */
  readonly stages: readonly GraphStage[];
  readonly patterns: readonly DraftPattern[];
  /** Hook points that hold how far a pattern that was computed again is from leading to the operator's own result. */
  readonly errors: readonly string[];
  readonly head: GraphStage | null;
}

export const LOGITS = 'logits';
/** Hook point that hands the rest of the model to the head. */
export const BEFORE_HEAD = 'head.in';

export function draft(model: Analysis): Drafts {
  const work = new Draft();
  if (!model.two) return work.add(model, 'model', 'text', 'single', null).finish(model, 'text');
  const keys = model.attentions.flatMap(({ part, keys }) => (part === 'cross' ? [keys] : []));
  const encoded = findEncoded(keys, model.graph, model.flow);
  work.add(model, 'encoder', 'text', 'encoder', null, encoded);
  return work.add(model, 'decoder', 'output', 'decoder', encoded).finish(model, 'output');
}

/** @throws ProblemError `onnx.unfit` if the encoder's file gives nothing that a decoder could take */
export function draftHalves(encoder: Analysis, decoder: Analysis): Drafts {
  const result = encoder.graph.outputs.find(({ name }) => /hidden_state/.test(name)) ?? encoder.graph.outputs[0];
  if (!result) throw unfit(encoder.graph.file, 'it has no outputs');
  const work = new Draft();
  work.add(encoder, 'encoder', 'text', 'single', null, { value: result.name, type: result.type });
  return work.add(decoder, 'decoder', 'output', 'decoder', null).finish(decoder, 'output');
}

class Draft {
  private readonly stages: GraphStage[] = [];
  private readonly patterns: DraftPattern[] = [];
  private readonly errors: string[] = [];

  /** A stage with the attentions of one side: `decoder` has those that are not the encoder's. */
  add(model: Analysis, name: string, reads: Sequence, side: 'single' | 'encoder' | 'decoder', given: Cut | null, encoded: Cut | null = null): this {
    const builder = new GraphStageBuilder(name, reads, model.graph, model.roles);
    if (given) builder.give(given.value, ENCODED, given.type);
    for (const found of model.attentions) {
      if (side === 'decoder' ? found.part !== 'encoder' : found.part === side) this.attention(found, model, builder, name);
    }
    if (encoded) builder.hook(ENCODED, encoded.value, [1, 'pos', 'width']);
    if (side !== 'encoder' && name !== 'encoder' && model.head) builder.hook(BEFORE_HEAD, model.head.before.value, [1, 'pos', 'width']);
    this.stages.push(builder.build());
    return this;
  }

  finish(model: Analysis, reads: Sequence): Drafts {
    const head = model.head ? headStage(model, model.head.before, reads) : null;
    return { stages: head ? [...this.stages, head] : this.stages, patterns: this.patterns, errors: this.errors, head };
  }

  private attention(found: FoundAttention, { graph, flow, two }: Analysis, builder: GraphStageBuilder, stage: string): void {
    const part = stage === 'encoder' ? 'encoder' : found.part;
    const layer = this.patterns.filter((known) => known.part === part).length;
    const hook = patternName(part, layer);
    const recomputed = found.pattern === null ? recompute(found.node, { graph, flow, a: builder.after }) : null;
    if (recomputed) {
      const error = `recomputed.${hook.replace('.hook_pattern', '')}`;
      builder.hook(error, recomputed.error, []);
      this.errors.push(error);
    }
    const keys = two && part === 'cross' ? 'text' : 'pos';
    builder.hook(hook, flattened(builder.after, found.pattern ?? recomputed?.pattern ?? ''), [1, 'heads', 'pos', keys]);
    this.patterns.push({ hook, part, layer });
  }
}

/** Names of TransformerLens's hook points: those of one stack, or of its HookedEncoderDecoder. */
function patternName(part: DraftPattern['part'], layer: number): string {
  const block = part === 'single' ? 'blocks' : part === 'encoder' ? 'encoder' : 'decoder';
  return `${block}.${String(layer)}.${part === 'cross' ? 'cross_attn' : 'attn'}.hook_pattern`;
}

/** `[1, head, query, key]` of `[head, query, key]`, or of `[1, key head, queries that share it, query, key]`. */
function flattened(a: Appendix, pattern: Value): Value {
  const plain = a.cast(pattern, ELEMENT.float32);
  const sizes = a.op('Slice', [a.op('Shape', [plain]), a.whole(-2), a.whole(2 ** 31 - 1), a.whole(0)]);
  return a.op('Reshape', [plain, a.op('Concat', [a.whole(1, -1), sizes], { axis: { int: 0 } })]);
}

/** From what comes before the head to logits, at the wanted positions only. */
function headStage({ graph, roles, head }: Analysis, before: Cut, reads: Sequence): GraphStage {
  const builder = new GraphStageBuilder('unembed', reads, graph, roles);
  const logits = head?.logits ?? LOGITS;
  // Where the head could not be told apart, it has been run, and its logits are only picked.
  const given = before.value === logits ? builder.after.own(LOGITS) : before.value;
  builder.giveWanted(given, BEFORE_HEAD, before.type);
  builder.hook(LOGITS, before.value === logits ? given : logits, [1, 'logit', 'vocabulary']);
  return builder.build();
}
