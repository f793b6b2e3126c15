/** Two ways to say something, compared. */
import type { Trouble } from './page.ts';

/** Two ways to say something, each scored after the same text: shown in place of attention until that is wanted back. */
export type Phrasings =
  | { readonly state: 'reading'; readonly model: string }

  /** `before`: tokens that the model saw before either of them. */
  | { readonly state: 'ready'; readonly model: string; readonly before: number; readonly both: readonly [Phrasing, Phrasing] }
  | { readonly state: 'failed'; readonly model: string; readonly trouble: Trouble };

export interface Phrasing {
  readonly from: 'selection' | 'clipboard';
  readonly tokens: readonly PhrasedToken[];
  /** Sum over all tokens that have bits. */
  readonly bits: number;
  readonly words: number;
  /** 2 to the mean bits of a token; null where no token has bits. */
  readonly perplexity: number | null;
}

export interface PhrasedToken {
  readonly text: string;
  /** −log₂ of its probability; null for the first token of all, before which there is nothing. */
  readonly bits: number | null;
  /** 1 is the likeliest; 0 where there are no bits. */
  readonly rank: number;
  /** Bucket of the rank, 0 the least surprising. */
  readonly bucket: number;
  /** It holds more bytes of the character that the token before it shows. */
  readonly goesOn: boolean;
}
