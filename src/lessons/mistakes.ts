/** Mistakes in a lesson file, each with the place it is at. */

/** Offsets in the file, UTF-16. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export interface Mistake {
  readonly range: TextRange;
  readonly message: string;
  /** An error keeps the lesson from being taken; a warning does not. */
  readonly severity: 'error' | 'warning';
}

/** Where mistakes are put while a file is read. */
export class Mistakes {
  private readonly found: Mistake[] = [];

  get all(): readonly Mistake[] {
    return [...this.found].sort((a, b) => a.range.start - b.range.start);
  }

  /** An empty range becomes one character, or there would be nothing to see. */
  add({ start, end }: TextRange, message: string, severity: Mistake['severity'] = 'error'): void {
    this.found.push({ range: { start, end: Math.max(end, start + 1) }, message, severity });
  }
}

/** Whether a lesson with these mistakes is refused. */
export function refused(mistakes: readonly Mistake[]): boolean {
  return mistakes.some(({ severity }) => severity === 'error');
}
