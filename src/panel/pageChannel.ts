/** The host's end of the line to a page: silent until the page listens, and no answer that is no longer wanted. */
import type { EngineClient } from '../engine/client.ts';
import type { HostMessage, PageMessage } from '../protocol.ts';
import { answerFor } from './answers.ts';

export class PageChannel {
  private listening = false;
  /** Questions under way: those of a page that was loaded anew meanwhile are forgotten with it. */
  private open = new Set<number>();

  constructor(private readonly send: (message: HostMessage) => void) {}

  /** The page has loaded and listens. */
  get ready(): boolean {
    return this.listening;
  }

  /** The page listens from now on; `first` is what it must know. */
  begin(first: readonly HostMessage[]): void {
    this.open = new Set();
    this.listening = true;
    for (const message of first) this.send(message);
  }

  /** The page is gone: its panel is hidden or closed. */
  end(): void {
    this.listening = false;
    this.open = new Set();
  }

  /** Sends to a page that listens; another is told everything when it does. */
  post(message: HostMessage): void {
    if (this.listening) this.send(message);
  }

  async answer(engine: Pick<EngineClient, 'ask'>, message: Extract<PageMessage, { type: 'ask' }>): Promise<void> {
    const { open } = this;
    open.add(message.id);
    const answer = await answerFor(engine, message);
    if (open.delete(message.id) && open === this.open) this.post(answer);
  }

  drop(id: number): void {
    this.open.delete(id);
  }
}
