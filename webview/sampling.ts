/** How a token is drawn: settings, and the numbers that draw. */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Sampling } from '../src/protocol.ts';

/** What leaves the softmax as it is. */
export const neutral: Sampling = { temperature: 1, topK: 0, topP: 1, minP: 0 };

export const isNeutral = ({ temperature, topK, topP, minP }: Sampling): boolean => temperature === 1 && topK === 0 && topP === 1 && minP === 0;

/** A number that draws, and which of its seed's numbers it is, counted from 1. */
export interface Draw {
  readonly number: number;
  readonly count: number;
}

const drawSignal = signal<(Draw & { readonly place: string }) | null>(null);
/** How many numbers of the seed have been used. */
let used = { seed: NaN, count: 0 };

/** The draw at a place (a run and a position of it); one of another place is over. */
export function drawAt(place: string): ReadonlySignal<Draw | null> {
  return computed(() => (drawSignal.value?.place === place ? drawSignal.value : null));
}

/** Draws with the next number of the seed. */
export function drawNext(seed: number, place: string): void {
  used = { seed, count: used.seed === seed ? used.count + 1 : 1 };
  drawSignal.value = { number: randomNumber(seed, used.count), count: used.count, place };
}

/** Begins the seed's numbers anew. */
export function restartDraws(): void {
  used = { seed: NaN, count: 0 };
  drawSignal.value = null;
}

/**
 * The `count`-th number of a seed, 0 up to 1: a Weyl sequence whose members are mixed (after Steele, Lea & Flood
 * 2014, with the 32-bit constants of their finaliser's kin in MurmurHash3).
 */
export function randomNumber(seed: number, count: number): number {
  let mixed = (seed + Math.imul(count, 0x9e3779b9)) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}
