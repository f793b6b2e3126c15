/** The residual stream from stage to stage, read off the stages themselves: what the head could read after each layer. */
import type { Stage, StageInput } from './onnx/stage.ts';

/** The head is run on demand, for the positions that are asked about. */
export const isHead = (stage: Stage): boolean => stage.inputs.some(({ source }) => source.from === 'logitPositions');

/** The input by which a head, or a norm at the end of a stack, gets what the layers left, `[1, pos, width]`. */
export const headInput = (head: Stage): StageInput | undefined => head.inputs.find(({ source }) => source.from === 'stage');

/** The name that every family gives to the input of a block by which it gets the residual stream. */
const RESIDUAL = 'residual';

/** The name of the input by which what the encoder of an encoder–decoder gave is read, to make keys and values of it. */
export const ENCODED = 'encoded';

/** Hook point of what the head of an encoder–decoder makes logits of, `[1, pos, width]`: where a norm comes before it, behind that norm. */
export const UNEMBEDDED = 'unembed.in';

/**
 * Hook points that hold the residual stream, `[1, pos, width]`, in the order they are computed: what the embedding
 * gave, then what each layer left; the last is what the head reads. Of a recurrent network only the last layer's
 * state, since the layers have no stream in common. Empty where there is no head.
 */
export function residualStreams(stages: readonly Stage[]): string[] {
  const head = stages.find(isHead);
  return head ? streamsInto(headInput(head), stages) : [];
}

/** A norm that what the last layer of a stack left goes through, and the hook point of what it gives. */
export interface EndNorm {
  readonly stage: Stage;
  readonly gives: string;
}

/** The encoder's half of an encoder–decoder. */
export interface EncoderStreams {
  /** As of `residualStreams`, on the text. */
  readonly streams: readonly string[];
  /** Null where each layer ends in a norm. */
  readonly end: EndNorm | null;
}

/** Null where no stage reads what an encoder gave. */
export function encoderStreams(stages: readonly Stage[]): EncoderStreams | null {
  const encoded = stages.flatMap(({ inputs }) => inputs).find(({ name }) => name === ENCODED);
  if (encoded?.source.from !== 'stage') return null;
  const { tensor } = encoded.source;
  const last = stageOf(tensor, stages);
  if (!last || hasAttention(last)) return { streams: streamsInto(encoded, stages), end: null };
  return { streams: streamsInto(headInput(last), stages), end: { stage: last, gives: tensor } };
}

/** Back from what is read, block by block. */
function streamsInto(read: StageInput | undefined, stages: readonly Stage[]): string[] {
  const streams: string[] = [];
  let input = read;
  while (input?.source.from === 'stage') {
    const { tensor } = input.source;
    streams.unshift(tensor);
    input = stageOf(tensor, stages)?.inputs.find(({ name }) => name === RESIDUAL);
  }
  return streams;
}

const stageOf = (tensor: string, stages: readonly Stage[]): Stage | undefined => stages.find(({ hooks }) => hooks.some(({ name }) => name === tensor));

const hasAttention = ({ scorings = [] }: Stage): boolean => scorings.length > 0;
