/** Tells the editor which token is in focus and which are its strongest partners, at most once a frame. */
import { effect } from '@preact/signals';
import type { Ask, FocusAnswer, Highlight, Place } from '../src/protocol.ts';
import { post } from './bridge.ts';
import { samePlace } from './place.ts';
import { influence } from './recurrentAnswers.ts';
import { focused, keys, pinned, queries, run, shown, unitsOf, view } from './store.ts';
import type { Unit } from './units.ts';
import { drawnRow } from './views/drawnAttention.ts';

const partnerLimit = 12;

/** Partners weaker than this are noise in the editor. */
const faintest = 0.01;

/** Sends highlights from now on. Returns how to stop. */
export function sendHighlights(): () => void {
  let frame: number | null = null;
  let sent = 'null';
  let highlight: Highlight | null = null;
  const send = (): void => {
    frame = null;
    const written = JSON.stringify(highlight);
    if (written === sent) return;
    sent = written;
    post({ type: 'highlight', highlight });
  };
  const stop = effect(() => {
    highlight = currentHighlight();
    frame ??= requestAnimationFrame(send);
  });
  return () => {
    stop();
    if (frame !== null) cancelAnimationFrame(frame);
  };
}

/** Null too while another text is on its way: its tokens are not those that are drawn. */
function currentHighlight(): Highlight | null {
  const state = run.value;
  const place = focused.value;
  if (place === null || (state.state !== 'ready' && state.state !== 'loading') || !state.info || state.info !== shown.value?.info) return null;
  const partners = view.value.picture === 'influence' ? influencePartners(place) : attentionPartners();
  if (place.sequence === 'text') return { token: place.token, pinned: samePlace(place, pinned.value), partners };
  // What the model has written stands in no editor: only what it looks at is lit up.
  return partners.length > 0 ? { token: null, pinned: samePlace(place, pinned.value), partners } : null;
}

function attentionPartners(): Highlight['partners'] {
  const row = drawnRow.value;
  const other = row?.ask.direction === 'from' ? keys.value : queries.value;
  return row && other === 'text' ? strongestPartners(row.value, row.ask, unitsOf('text')) : [];
}

/** Of the token whose prediction is looked at, those before it that move it most, as shares of the strongest. */
function influencePartners({ sequence, token }: Place): Highlight['partners'] {
  const own = influence.value;
  if (sequence !== 'text' || own?.position !== token) return [];
  const before = [...own.divergence.subarray(0, -1)].map((bits, index) => ({ token: index, bits: Number.isNaN(bits) ? 0 : bits }));
  const most = Math.max(0, ...before.map(({ bits }) => bits));
  const partners = before.map((one) => ({ token: one.token, weight: most > 0 ? one.bits / most : 0 }));
  return partners.filter(({ weight }) => weight >= faintest).sort((a, b) => b.weight - a.weight).slice(0, partnerLimit);
}

/** The strongest units by their mean over the heads; a word lends its weight to each of its tokens. */
export function strongestPartners(answer: FocusAnswer, ask: Ask<'focus'>, all: readonly Unit[]): Highlight['partners'] {
  const heads = ask.average ? 1 : ask.heads.length;
  const size = answer.weights.length / heads;
  const means = Array.from({ length: size }, (_, unit) => {
    let sum = 0;
    for (let head = 0; head < heads; head++) sum += answer.weights[head * size + unit] ?? 0;
    return { unit, weight: sum / heads };
  });
  return means
    .filter(({ unit, weight }) => weight >= faintest && (ask.part === 'cross' || unit !== ask.unitIndex))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, partnerLimit)
    .flatMap(({ unit, weight }) => tokensOf(all[unit]).map((token) => ({ token, weight })));
}

function tokensOf(unit: Unit | undefined): number[] {
  return unit ? Array.from({ length: unit.lastToken - unit.firstToken + 1 }, (_, at) => unit.firstToken + at) : [];
}
