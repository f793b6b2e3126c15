/**
 * A text as tokens, in reading order and wrapped as the text is: what the user gave, or what a model has
 * written. Chips are built once for a token; focus, pins and shades only change classes and CSS
 * variables of those that are concerned.
 */
import { effect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { Place, Sequence, Token } from '../../src/protocol.ts';
import { tokenItems } from '../experimentMenu.ts';
import { tokensOff } from '../experiments.ts';
import { tellDrawing } from '../exports/drawn.ts';
import { canvasMeasure } from '../graphs/canvas.ts';
import type { Drawing } from '../graphs/drawing.ts';
import { stripPicture } from '../graphs/stripPicture.ts';
import { lit, litPlaces } from '../lit.ts';
import { tokenIn } from '../place.ts';
import { caret, focused, hover, pin, pinned, theme } from '../store.ts';
import { openMenu } from '../ui/menu.tsx';
import { visibleLabel, type VisiblePiece } from '../visibleText.ts';
import { stripBoxes } from './stripBoxes.ts';
import { shadeLegend, tokenShades } from './stripShades.ts';
import { tokenFaces, type TokenFace } from './tokenFace.ts';

export interface TokenStripProps {
  readonly sequence: Sequence;
  readonly label: string;
  /** Names it in an export, where there are two. */
  readonly title?: string;
  readonly tokens: readonly Token[];
  /** The text that tokens have their ranges in. */
  readonly text: string;
  /** More is being written. */
  readonly growing?: boolean;
}

export function TokenStrip({ sequence, label, title = '', tokens, text, growing = false }: TokenStripProps): JSX.Element {
  const strip = useRef<HTMLDivElement>(null);
  const pointer = useRef('');
  const faces = useMemo(() => tokenFaces(tokens, text), [tokens, text]);
  useEffect(() => (strip.current ? markChips(strip.current, sequence) : undefined), [tokens, sequence]);
  useEffect(() => {
    const { current } = strip;
    return current ? tellDrawing(current, () => drawingOf(current, sequence, title, label)) : undefined;
  }, [sequence, title, label]);
  useEffect(() => {
    if (growing && strip.current) strip.current.scrollTop = strip.current.scrollHeight;
  }, [tokens, growing]);
  const chips = useMemo(
    () => faces.map((face, index) => <Chip key={index} face={face} token={tokens[index]} index={index} />),
    [faces],
  );
  const placeOf = (target: EventTarget | null): Place | null => {
    const token = tokenAt(target);
    return token === null ? null : { sequence, token };
  };
  return (
    <div
      class="strip"
      ref={strip}
      role="listbox"
      data-sequence={sequence}
      aria-label={label}
      aria-busy={growing}
      onPointerMove={(event) => {
        // Scrolling under a resting pointer also counts as a move to the browser.
        const place = `${event.screenX} ${event.screenY}`;
        if (place !== pointer.current) hover(placeOf(event.target));
        pointer.current = place;
      }}
      onPointerLeave={() => hover(null)}
      onClick={(event) => {
        const place = placeOf(event.target);
        if (place !== null) pin(place);
      }}
      onFocusIn={(event) => {
        const place = placeOf(event.target);
        if (place !== null && event.target instanceof Element && event.target.matches(':focus-visible')) hover(place);
      }}
      onContextMenu={(event) => {
        const place = placeOf(event.target);
        const items = place ? tokenItems(place) : [];
        if (items.length === 0) return;
        event.preventDefault();
        openMenu(l10n.t('Switch off'), items, { x: event.clientX, y: event.clientY });
      }}
      onKeyDown={(event) => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        const from = tokenAt(event.target);
        if (by === undefined || from === null) return;
        event.preventDefault();
        hover({ sequence, token: tokenOnLine(event.currentTarget, from, by) ?? from });
      }}
    >
      {chips}
      {growing && <span class="writing-cursor" aria-hidden="true" />}
    </div>
  );
}

function Chip({ face, token, index }: { readonly face: TokenFace; readonly token: Token | undefined; readonly index: number }): JSX.Element {
  return (
    <>
      {face.gap.map((piece, at) => (
        <span key={at} class="gap">
          <PieceText piece={piece} isFirst={false} isLast={false} />
        </span>
      ))}
      {(wrapsBefore(face.pieces[0]) || face.gap.length > 0) && <wbr />}
      <span
        class={['chip', ...face.marks].join(' ')}
        role="option"
        aria-selected={false}
        aria-label={l10n.t('{0}, token {1}', visibleLabel(token?.text ?? ''), index)}
        tabIndex={-1}
        data-token={index}
      >
        {face.pieces.map((piece, at) => (
          <PieceText key={at} piece={piece} isFirst={at === 0} isLast={at === face.pieces.length - 1} />
        ))}
        {face.bytes !== '' && <span class="byte">{face.bytes}</span>}
      </span>
      {face.pieces.at(-1)?.endsLine === true && <br />}
    </>
  );
}

/** Lines wrap before the forms that stand for blanks; the form of a line end stays on its line. */
function wrapsBefore(piece: VisiblePiece | undefined): boolean {
  return piece?.invisible === true && !piece.endsLine;
}

/**
 * A line end in the middle of a token breaks the
 * chip; one at its end comes after the chip.
 */
function PieceText({ piece, isFirst, isLast }: { readonly piece: VisiblePiece; readonly isFirst: boolean; readonly isLast: boolean }): JSX.Element {
  return (
    <>
      {!isFirst && wrapsBefore(piece) && <wbr />}
      {piece.invisible ? <span class="invisible">{piece.text}</span> : piece.text}
      {piece.endsLine && !isLast && <br />}
    </>
  );
}

function tokenAt(target: EventTarget | null): number | null {
  const chip = target instanceof Element ? target.closest('[data-token]') : null;
  return chip instanceof HTMLElement ? Number(chip.dataset['token']) : null;
}

/** The chip one line up or down whose middle is nearest to that of `from`. */
function tokenOnLine(strip: HTMLElement, from: number, by: number): number | null {
  const chips = chipsOf(strip);
  const start = chips[from]?.getClientRects()[0];
  if (!start) return null;
  const middle = start.left + start.width / 2;
  let best: { token: number; distance: number; top: number } | null = null;
  for (let token = from + by; token >= 0 && token < chips.length; token += by) {
    const box = chips[token]?.getClientRects()[0];
    if (!box || Math.abs(box.top - start.top) < 4) continue;
    if (best && Math.abs(box.top - best.top) >= 4) break;
    const distance = Math.abs(box.left + box.width / 2 - middle);
    if (!best || distance < best.distance) best = { token, distance, top: box.top };
  }
  return best?.token ?? null;
}

function chipsOf(strip: HTMLElement): HTMLElement[] {
  return [...strip.querySelectorAll<HTMLElement>('[data-token]')];
}

/** Keeps focus, pin, caret and shades on the chips as the store says. Returns how to stop. */
function markChips(strip: HTMLElement, sequence: Sequence): () => void {
  const chips = chipsOf(strip);
  const stops = [
    effect(() => markOnly(chips, 'caret', sequence === 'text' ? caret.value : null)),
    effect(() => markOnly(chips, 'pinned', tokenIn(sequence, pinned.value))),
    effect(() => moveFocus(strip, chips, tokenIn(sequence, focused.value))),
    effect(() => shade(chips, sequence)),
    effect(() => strike(chips, sequence === 'text' ? tokensOff.value : null)),
    effect(() => ring(chips, litPlaces(lit.value).flatMap((place) => tokenIn(sequence, place) ?? []))),
  ];
  return () => stops.forEach((stop) => stop());
}

function markOnly(chips: readonly HTMLElement[], name: 'caret' | 'pinned' | 'focused', token: number | null): void {
  for (const chip of chips) {
    const marked = chip === chips[token ?? -1];
    if (chip.classList.contains(name) === marked) continue;
    chip.classList.toggle(name, marked);
    if (name === 'pinned') chip.ariaSelected = String(marked);
  }
}

function ring(chips: readonly HTMLElement[], tokens: readonly number[]): void {
  chips.forEach((chip, token) => chip.classList.toggle('lit', tokens.includes(token)));
}

/** Tokens that are left out are struck through. */
function strike(chips: readonly HTMLElement[], off: ReadonlySet<number> | null): void {
  chips.forEach((chip, token) => {
    const is = off?.has(token) === true;
    if (chip.classList.contains('left-out') === is) return;
    chip.classList.toggle('left-out', is);
    if (is) chip.setAttribute('aria-description', l10n.t('left out'));
    else chip.removeAttribute('aria-description');
  });
}

/** One chip is in the tab order: the focused one, else the first. The keyboard's focus follows inside the strip. */
function moveFocus(strip: HTMLElement, chips: readonly HTMLElement[], token: number | null): void {
  markOnly(chips, 'focused', token);
  const reachable = chips[token ?? 0];
  for (const chip of chips) if (chip.tabIndex === 0 && chip !== reachable) chip.tabIndex = -1;
  if (!reachable) return;
  reachable.tabIndex = 0;
  if (token === null) return;
  if (strip.contains(document.activeElement) && document.activeElement !== strip) reachable.focus({ preventScroll: true });
  keepVisible(strip, reachable);
}

/** Scrolls the strip alone, never the page. */
function keepVisible(strip: HTMLElement, chip: HTMLElement): void {
  if (strip.matches(':hover')) return;
  const outer = strip.getBoundingClientRect();
  const inner = chip.getBoundingClientRect();
  if (inner.top < outer.top) strip.scrollTop -= outer.top - inner.top + 4;
  else if (inner.bottom > outer.bottom) strip.scrollTop += inner.bottom - outer.bottom + 4;
}

/** Shades what `tokenShades` says, as soon as it is known. */
function shade(chips: readonly HTMLElement[], sequence: Sequence): void {
  const shades = tokenShades(sequence);
  chips.forEach((chip, token) => {
    const own = shades.get(token);
    if (own) {
      chip.classList.add('shaded');
      chip.style.setProperty('--shade', `${(own.strength * 100).toFixed(1)}%`);
      chip.style.setProperty('--hue', own.color);
    } else if (chip.classList.contains('shaded')) {
      chip.classList.remove('shaded');
    }
  });
}

/** All of the strip as a picture, as it stands on the page. */
function drawingOf(strip: HTMLElement, sequence: Sequence, title: string, label: string): Drawing {
  const { fontFamily } = theme.peek();
  return stripPicture(
    {
      ...stripBoxes(strip),
      title,
      label,
      shades: tokenShades(sequence),
      legend: shadeLegend(sequence),
      pinned: tokenIn(sequence, pinned.peek()),
      off: sequence === 'text' ? tokensOff.peek() : new Set(),
    },
    theme.peek(),
    canvasMeasure(fontFamily),
  );
}
