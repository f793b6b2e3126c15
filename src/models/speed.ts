/** How fast something grows, over the last few seconds. */
export class Speed {
  /** Oldest first. */
  private readonly samples: { readonly at: number; readonly bytes: number }[] = [];
  private last: number | null = null;

  /** @param now milliseconds */
  constructor(private readonly now: () => number) {}

  /** Bytes per second, told anew twice a second; `null` at the beginning. */
  at(bytes: number): number | null {
    const now = this.now();
    const newest = this.samples.at(-1);
    // Files that were here already are not fast, and a file that begins anew is not slow.
    if (newest && bytes < newest.bytes) this.samples.length = 0;
    if (newest && now - newest.at < INTERVAL) return this.last;
    this.samples.push({ at: now, bytes });
    while (this.samples[0] && now - this.samples[0].at > WINDOW) this.samples.shift();
    const oldest = this.samples[0];
    this.last = oldest && now > oldest.at ? ((bytes - oldest.bytes) * 1000) / (now - oldest.at) : null;
    return this.last;
  }
}

const INTERVAL = 500;
const WINDOW = 5_000;
