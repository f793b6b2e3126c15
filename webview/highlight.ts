/** Tells the editor which token is in focus and which are its strongest partners, at most once a frame. */
import { effect } from '@preact/signals';
import type { Ask, FocusAnswer, Highlight } from '../src/protocol.ts';
import { post } from './bridge.ts';
import { focusRow, focused, pinned, run, shown, unitOf, units } from './store.ts';
import type { Unit } from './units.ts';

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
  const token = focused.value;
  if (token === null || (state.state !== 'ready' && state.state !== 'loading') || !state.info || state.info !== shown.value?.info || token >= state.info.tokens.length) return null;
  const { last } = focusRow.value;
  const unit = unitOf(token);
  const partners = last && last.run === state.info.run && last.ask.unitIndex === unit ? strongestPartners(last.value, last.ask, units.value) : [];
  return { token, pinned: token === pinned.value, partners };
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
    .filter(({ unit, weight }) => weight >= faintest && unit !== ask.unitIndex)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, partnerLimit)
    .flatMap(({ unit, weight }) => tokensOf(all[unit]).map((token) => ({ token, weight })));
}

function tokensOf(unit: Unit | undefined): number[] {
  return unit ? Array.from({ length: unit.lastToken - unit.firstToken + 1 }, (_, at) => unit.firstToken + at) : [];
}
