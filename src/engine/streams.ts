/** The residual stream from stage to stage, read off the stages themselves: what the head could read after each layer. */
import type { Stage, StageInput } from './onnx/stage.ts';

/** The head is run on demand, for the positions that are asked about. */
export const isHead = (stage: Stage): boolean => stage.inputs.some(({ source }) => source.from === 'logitPositions');

/** The input by which a head gets what the layers left, `[1, pos, width]`. */
export const headInput = (head: Stage): StageInput | undefined => head.inputs.find(({ source }) => source.from === 'stage');

/** The name that every family gives to the input of a block by which it gets the residual stream. */
const RESIDUAL = 'residual';

/**
 * Hook points that hold the residual stream, `[1, pos, width]`, in the order they are computed: what the embedding
 * gave, then what each layer left; the last is what the head reads. Of a recurrent network only the last layer's
 * state, since the layers have no stream in common. Empty where there is no head.
 */
export function residualStreams(stages: readonly Stage[]): string[] {
  const streams: string[] = [];
  const head = stages.find(isHead);
  let input = head && headInput(head);
  while (input?.source.from === 'stage') {
    const { tensor } = input.source;
    streams.unshift(tensor);
    input = stages.find(({ hooks }) => hooks.some(({ name }) => name === tensor))?.inputs.find(({ name }) => name === RESIDUAL);
  }
  return streams;
}
