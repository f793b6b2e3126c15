/** The texts that were tried one after another by putting words in: one can walk back and forth through them. */
export class Trail {
  private texts: string[] = [];
  private place = 0;

  get length(): number {
    return this.texts.length;
  }

  /** Which of them is shown, from 0. */
  get at(): number {
    return this.place;
  }

  /** The text that is shown, if any was tried. */
  get current(): string | null {
    return this.texts[this.place] ?? null;
  }

  /** A text that came from elsewhere: what was tried before is about another one. */
  begin(text: string): void {
    if (text === this.current) return;
    this.texts = [text];
    this.place = 0;
  }

  /** A text that came from the shown one; what lay ahead is given up. */
  add(text: string): void {
    this.texts = [...this.texts.slice(0, this.place + 1), text];
    this.place = this.texts.length - 1;
  }

  /** The text one step away, which is then the shown one; `null` at the ends. */
  step(by: -1 | 1): string | null {
    const text = this.texts[this.place + by];
    if (text === undefined) return null;
    this.place += by;
    return text;
  }
}
