/** What words elsewhere on the page point at: the parts of the live view put a ring around it. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { PagePlace, Place } from '../src/protocol.ts';

export type Lit =
  | { readonly of: 'token'; readonly token: Place }
  /** From the one that looks to the one that is looked at. */
  | { readonly of: 'link'; readonly from: Place; readonly to: Place }
  | { readonly of: 'head'; readonly layer: number; readonly head: number }
  | { readonly of: 'layer'; readonly layer: number }
  | { readonly of: 'place'; readonly place: PagePlace };

const litSignal = signal<Lit | null>(null);

export const lit: ReadonlySignal<Lit | null> = litSignal;

export function light(next: Lit | null): void {
  litSignal.value = next;
}

/** Whether a head is pointed at, by itself or with its layer. */
export function isHeadLit(now: Lit | null, layer: number, head: number): boolean {
  return (now?.of === 'head' && now.layer === layer && now.head === head) || (now?.of === 'layer' && now.layer === layer);
}

/** Tokens that are pointed at. */
export function litPlaces(now: Lit | null): readonly Place[] {
  if (now?.of === 'token') return [now.token];
  return now?.of === 'link' ? [now.from, now.to] : [];
}

/** The part of the page that is pointed at as a whole. */
export function litPart(now: Lit | null): PagePlace | undefined {
  return now?.of === 'place' ? now.place : undefined;
}
