/** The phrasings that a panel shows in place of attention, from the moment that they are asked for. */
import type { ChosenText } from '../editor/chosenText.ts';
import type { Phrasings } from '../protocol.ts';

/** A phrasing's text, and where it stands, if in a document. */
export type PhrasingOrigin = Pick<ChosenText, 'text'> & Partial<ChosenText>;

export class ShownPhrasings {
  private shown: Phrasings | null = null;
  private going: AbortController | null = null;
  private origins: readonly PhrasingOrigin[] = [];

  /** @param onChange is told whenever there is something else to show. */
  constructor(private readonly onChange: () => void) {}

  /** What is shown now; null where attention is. */
  get current(): Phrasings | null {
    return this.shown;
  }

  /** Shows that two phrasings are being read, in place of what was shown before. The signal fires when they are no longer wanted. */
  begin(model: string, origins: readonly [PhrasingOrigin, PhrasingOrigin]): AbortSignal {
    this.going?.abort();
    this.going = new AbortController();
    this.origins = origins;
    this.set({ state: 'reading', model });
    return this.going.signal;
  }

  /** Shows what has come of it, unless it is no longer wanted. */
  show(phrasings: Phrasings, signal: AbortSignal): void {
    if (!signal.aborted && signal === this.going?.signal) this.set(phrasings);
  }

  /** The text of one of the phrasings. */
  origin(which: 0 | 1): PhrasingOrigin | undefined {
    return this.origins[which];
  }

  /** Back to attention. */
  close(): void {
    this.going?.abort();
    this.going = null;
    this.origins = [];
    if (this.shown) this.set(null);
  }

  /** Ends what is on its way, and says nothing of it: its panel is gone. */
  dispose(): void {
    this.going?.abort();
    this.going = null;
    this.shown = null;
  }

  private set(phrasings: Phrasings | null): void {
    this.shown = phrasings;
    this.onChange();
  }
}
