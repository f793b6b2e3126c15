/** The network that stages of an exported graph make, from what the graph, a short run and config.json tell. */
import * as v from 'valibot';
import type { Dimensions, Network, NetworkAttention } from '../../architectures/architecture.ts';
import { parseConfig, size } from '../../architectures/config.ts';
import { outputRules } from '../../architectures/generation.ts';
import { ProblemError } from '../../problemError.ts';
import type { FloatTensor } from '../../tensor.ts';
import { MOST_TOKENS } from '../../window.ts';
import type { Dim, Stage, StageHook } from '../stage.ts';
import type { Analysis } from './analysis.ts';
import { unfit } from './damaged.ts';
import { LOGITS, type DraftPattern, type Drafts } from './drafts.ts';
import type { DraftHook, GraphStage } from './graphStage.ts';
import { measurePattern, requireSameResults } from './trial.ts';

/** All of it may be missing: what the graph does counts. */
const Config = v.object({
  model_type: v.nullish(v.string()),
  vocab_size: v.nullish(size.vocabulary),
  hidden_size: v.nullish(size.width),
  max_position_embeddings: v.nullish(size.positions),
  n_positions: v.nullish(size.positions),
  num_key_value_heads: v.nullish(size.heads),
});

type Config = v.InferOutput<typeof Config>;

/** @throws ProblemError `model.badConfig` */
export const parseExportedConfig = (raw: unknown): Config => parseConfig(Config, raw ?? {});

interface Known {
  readonly config: Config;
  /** config.json and generation_config.json as they are; null where there is none. */
  readonly raw: unknown;
  readonly generation: unknown;
  readonly first: Analysis;
  readonly last: Analysis;
  readonly drafts: Drafts;
  readonly results: ReadonlyMap<string, FloatTensor>;
}

/** What transformers does where the configuration says nothing. */
const WRITING: Readonly<Record<string, Parameters<typeof outputRules>[3]>> = { marian: { neverPads: true } };

/** @throws ProblemError `onnx.unfit` if what was found is not attention that can be shown, `model.badConfig` */
export function networkOf(known: Known): { readonly network: Network; readonly stages: ReadonlyMap<GraphStage, Stage> } {
  const { first, last, drafts, results } = known;
  const { file } = last.graph;
  requireSameResults(file, drafts.errors, results);
  const scores = results.get(LOGITS)?.shape[2] ?? null;
  const head = scores !== null && isVocabulary(scores, known) ? drafts.head : null;
  const stages = new Map(drafts.stages.flatMap((draft) => (draft === drafts.head && !head ? [] : [[draft, measuredStage(draft, results)] as const])));

  const attentions = attentionsOf(known);
  const main = attentions.find(({ part }) => part === 'decoder') ?? attentions[0];
  if (!main) throw unfit(file, 'no attention of its decoder was found');
  const { part, layers, heads, keyHeads } = main;
  const vocabulary = first.tables.vocabulary ?? known.config.vocab_size ?? scores;
  if (vocabulary === null) throw unfit(file, 'how many tokens it knows is not said');
  const width = first.tables.width ?? known.config.hidden_size ?? heads;
  const dimensions: Dimensions = { layers, heads, keyHeads, width, headWidth: Math.floor(width / heads), vocabulary, positions: positionsOf(known) };
  const common = { dimensions, stages: [...stages.values()], past: [], attentions, logits: LOGITS } as const;
  if (!last.two) {
    const predicts = !head ? 'nothing' : part === 'decoder' ? 'next' : 'masked';
    return { network: { ...common, kind: part === 'decoder' ? 'decoder' : 'encoder', predicts }, stages };
  }
  if (!head || scores === null) throw unfit(file, 'it gives no scores for what is written next');
  if (known.raw === null) throw new ProblemError('model.missingFile', { file: 'config.json', folder: file });
  const output = outputRules(known.raw, known.generation, { vocabulary: scores, positions: dimensions.positions }, WRITING[known.config.model_type ?? ''] ?? {});
  return { network: { ...common, kind: 'encoder-decoder', predicts: 'next', output }, stages };
}

/** One entry for each part, layers in the order of the graph. @throws ProblemError `onnx.unfit` */
function attentionsOf({ config, first, last, drafts, results }: Known): NetworkAttention[] {
  const parts = new Map<DraftPattern['part'], { readonly draft: DraftPattern; readonly heads: number; readonly causal: boolean }[]>();
  for (const draft of drafts.patterns) {
    const measured = measurePattern(last.graph.file, draft, results, last.two);
    parts.set(draft.part, [...(parts.get(draft.part) ?? []), { draft, ...measured }]);
  }
  return [...parts].map(([part, found]) => {
    const { graph } = part === 'encoder' ? first : last;
    const heads = found[0]?.heads ?? 0;
    if (found.some((other) => other.heads !== heads)) throw unfit(graph.file, 'its layers have different numbers of heads');
    const causal = found.every((layer) => layer.causal);
    const keyHeads = config.num_key_value_heads && heads % config.num_key_value_heads === 0 ? config.num_key_value_heads : heads;
    return {
      part: part === 'single' ? (causal ? 'decoder' : 'encoder') : part,
      layers: found.length,
      heads,
      keyHeads,
      queries: part === 'decoder' || part === 'cross' ? 'output' : 'text',
      keys: part === 'decoder' ? 'output' : 'text',
      causal: part !== 'cross' && causal,
      pattern: (layer) => found[layer]?.draft.hook ?? '',
    };
  });
}

/** Scores of all tokens are logits; others (of two classes, of labels) are not. */
const isVocabulary = (scores: number, { config, first }: Known): boolean => [first.tables.vocabulary, config.vocab_size].includes(scores) || (first.tables.vocabulary === null && (config.vocab_size ?? null) === null);

function positionsOf({ config, first, last }: Known): number {
  const said = config.max_position_embeddings ?? config.n_positions ?? Infinity;
  const tables = [first, last].map(({ tables }) => tables.positions ?? Infinity);
  const least = Math.min(said, ...tables);
  return Number.isFinite(least) ? least : MOST_TOKENS;
}

const measuredStage = ({ stage, hooks }: GraphStage, results: ReadonlyMap<string, FloatTensor>): Stage => ({ ...stage, hooks: hooks.map((hook) => measuredHook(hook, results)) });

function measuredHook({ name, shape }: DraftHook, results: ReadonlyMap<string, FloatTensor>): StageHook {
  const found = results.get(name)?.shape ?? [];
  return { name, shape: shape.map((dim, axis): Dim => (dim === 'heads' || dim === 'width' || dim === 'vocabulary' ? (found[axis] ?? 0) : dim)) };
}
