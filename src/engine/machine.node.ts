import { freemem, totalmem } from 'node:os';

/**
 * Bytes that the machine can give without swapping, within the limits of a container. macOS counts as free only
 * what nothing has ever touched, so there it is half of all memory.
 */
export function availableMemory(): number {
  const limit = process.constrainedMemory() || Infinity;
  return Math.min(process.platform === 'darwin' ? totalmem() / 2 : freemem(), limit);
}
