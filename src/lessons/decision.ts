import type { Measured } from '../protocol.ts';

/** What a check came to. */
export interface Decision {
  readonly passed: boolean;
  readonly measured: readonly Measured[];
  /** The option that was handed in, whose own hint is told. */
  readonly option?: number;
  /** What was missing altogether, in a sentence. */
  readonly missing?: string;
}
