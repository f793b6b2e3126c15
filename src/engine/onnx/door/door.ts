/** The second door: an exported ONNX file becomes a network whose stages are the file's own nodes. */
import type { Network } from '../../architectures/architecture.ts';
import type { ModelFiles } from '../../files.ts';
import type { Session } from '../../session.ts';
import { sizeOf } from '../../tensor.ts';
import type { Stage } from '../stage.ts';
import { analyse, type Analysis } from './analysis.ts';
import { draft, draftHalves, type Drafts } from './drafts.ts';
import { elementName } from './elementTypes.ts';
import type { GraphStage, PlacedWeight } from './graphStage.ts';
import type { OnnxFiles } from './locate.ts';
import { networkOf, parseExportedConfig } from './network.ts';
import { tryOut } from './trial.ts';

/** A stage with what it needs to run again. */
export interface OpenedStage {
  readonly stage: Stage;
  /** Where its weights lie. */
  readonly weights: readonly PlacedWeight[];
  /** Made to try the stage out. */
  readonly session: Session;
}

export interface Opened {
  readonly network: Network;
  readonly stages: readonly OpenedStage[];
  readonly parameters: number;
  /** How the weights are stored: `F32 + I8`. */
  readonly formats: string;
  /** `model_type` of config.json, or `onnx` where there is none. */
  readonly type: string;
}

export interface DoorHost {
  readonly files: ModelFiles;
  /** What config.json and generation_config.json hold; null where there is none. */
  readonly config: unknown;
  readonly generation: unknown;
  /** Bytes of weights of each stage. @throws ProblemError `model.tooLarge` */
  requireRoom(stages: readonly number[]): void;
  createSession(stage: GraphStage): Promise<Session>;
}

/** @throws ProblemError `onnx.…`, `model.badConfig`, `model.tooLarge` */
export async function openDoor(found: OnnxFiles, host: DoorHost): Promise<Opened> {
  const config = parseExportedConfig(host.config);
  const { first, last, drafts } = await drafted(found, host.files);
  host.requireRoom(drafts.stages.map(({ stage }) => stage.weightBytes));
  const sessions = new Map<GraphStage, Session>();
  try {
    const results = await tryOut(drafts, first.tables.vocabulary, async (stage) => {
      const session = await host.createSession(stage);
      sessions.set(stage, session);
      return session;
    });
    const { network, stages } = networkOf({ config, raw: host.config, generation: host.generation, first, last, drafts, results });
    for (const [draft, session] of sessions) if (!stages.has(draft)) await session.release();
    const opened = [...stages].flatMap(([draft, stage]) => {
      const session = sessions.get(draft);
      return session ? [{ stage, weights: draft.weights, session }] : [];
    });
    return { network, stages: opened, ...weightsOf(first === last ? [first] : [first, last]), type: config.model_type ?? 'onnx' };
  } catch (thrown) {
    for (const session of sessions.values()) await session.release();
    throw thrown;
  }
}

/** The graph that reads the text, the one that predicts (often the same), and stages made of them. */
async function drafted(found: OnnxFiles, files: ModelFiles): Promise<{ first: Analysis; last: Analysis; drafts: Drafts }> {
  if ('only' in found) {
    const model = await analyse(files, found.only, 'only');
    return { first: model, last: model, drafts: draft(model) };
  }
  const encoder = await analyse(files, found.encoder, 'only');
  const decoder = await analyse(files, found.decoder, 'decoder');
  return { first: encoder, last: decoder, drafts: draftHalves(encoder, decoder) };
}

function weightsOf(graphs: readonly Analysis[]): Pick<Opened, 'parameters' | 'formats'> {
  const weights = graphs.flatMap(({ graph }) => [...graph.weights.values()]);
  const large = weights.filter(({ held }) => !(held instanceof Uint8Array));
  const formats = new Set((large.length ? large : weights).map(({ type }) => elementName(type)));
  return { parameters: weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0), formats: [...formats].filter((name) => name !== null).join(' + ') };
}
