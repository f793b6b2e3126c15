/** The question about the paths of one prediction. */
import type { AttributionAsk } from './inside.ts';
import type { Candidate } from './prediction.ts';

export interface PathsAsk extends AttributionAsk {
  /** What adds less is left out, either way: a share of the sizes of all direct contributions together, 0–1. */
  readonly least: number;
}

/** What of a node's inputs is not drawn: contributions that are too small, what biases on the way add, and means that stand in place of what is switched off. */
export interface PathRest {
  readonly hidden: number;
  readonly hiddenValue: number;
  readonly biases: number;
  /** 0 in a run without experiments. */
  readonly means: number;
}

/** A part of the model at a token; its value is what goes from it through the edges that are here. */
export type PathNode =
  /** Always the first, at the token after which is predicted. */
  | { readonly part: 'logit'; readonly token: number; readonly value: number; readonly rest: PathRest }

  | { readonly part: 'head'; readonly layer: number; readonly head: number; readonly token: number; readonly value: number; readonly rest: PathRest }
  /** Not traced further: what it makes of its inputs is not linear. */
  | { readonly part: 'feedForward'; readonly layer: number; readonly token: number; readonly value: number }
  | { readonly part: 'embedding' | 'position'; readonly token: number; readonly value: number };

/** Goes up the layers, and where it ends in a head of a later token, along the text. */
export interface PathEdge {
  /** Indices of nodes. */
  readonly from: number;
  readonly to: number;
  /** What it adds to the logit in this way. */
  readonly value: number;
}

export interface PathsAnswer {
  readonly target: Candidate;
  readonly rival?: Candidate;
  readonly logit: number;
  /** Contributions below this are left out, in logits. */
  readonly least: number;
  /** Sum of the sizes of all direct contributions, and of those that are drawn. */
  readonly direct: number;
  readonly directDrawn: number;
  readonly nodes: readonly PathNode[];
  readonly edges: readonly PathEdge[];
  /** There were more nodes than can be told: some heads are not traced. */
  readonly cut: boolean;
}
