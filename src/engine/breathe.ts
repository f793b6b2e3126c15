/**
 * Lets the worker answer what has arrived meanwhile (a cancel, a hover): resolves after the event
 * loop has taken in messages once.
 */
export async function breathe(): Promise<void> {
  if (typeof setImmediate !== 'function') {
    await new Promise((resolve) => setTimeout(resolve, 0));
    return;
  }
  // Node polls for messages between two immediates, not necessarily before the first.
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}
