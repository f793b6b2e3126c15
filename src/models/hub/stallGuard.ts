import { asBytes } from './bytes.ts';

/** A signal that follows the user's, and gives a connection up that has been silent for too long. */
export class StallGuard {
  private readonly controller = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly follow = (): void => this.controller.abort(this.user.reason);
  /** It was silence that ended the connection. */
  stalled = false;

  /** @param silence milliseconds */
  constructor(
    private readonly user: AbortSignal,
    private readonly silence: number,
  ) {
    user.addEventListener('abort', this.follow, { once: true });
    if (user.aborted) this.follow();
    this.heard();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Something has come. */
  heard(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.stalled = true;
      this.controller.abort();
    }, this.silence);
  }

  /** The answer's bytes as they come. */
  async *body(response: Response): AsyncGenerator<Uint8Array> {
    for await (const chunk of response.body ?? []) {
      this.heard();
      yield asBytes(chunk);
    }
  }

  /** Lets go of the connection, whatever is left of its answer. */
  end(): void {
    this.controller.abort();
    clearTimeout(this.timer);
    this.user.removeEventListener('abort', this.follow);
  }
}
