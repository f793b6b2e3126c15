import { PassingFailure } from './failure.ts';

/** Resolves after so many milliseconds; rejects with the signal's reason. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** Tries that get nowhere before it is given up. */
const MOST_TRIES = 5;

/**
 * Tries again after failures that may pass: at once after 1, 2, 4 … seconds, or when the server says.
 * @param attempt told how to say that it got somewhere, which makes the count begin anew.
 */
export async function withRetries<T>(attempt: (advanced: () => void) => Promise<T>, wait: Wait, signal: AbortSignal): Promise<T> {
  let tries = 0;
  for (;;) {
    try {
      return await attempt(() => (tries = 0));
    } catch (thrown) {
      signal.throwIfAborted();
      if (!(thrown instanceof PassingFailure) || ++tries >= MOST_TRIES) throw thrown;
      await wait(thrown.wait ?? 1000 * 2 ** (tries - 1), signal);
    }
  }
}

/** Waits by the clock. */
export const waitByClock: Wait = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
