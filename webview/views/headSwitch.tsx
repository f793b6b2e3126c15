/** A small switch over the head that is pointed at or has the keyboard. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import { canIntervene, isHeadOff, switchOff } from '../experiments.ts';
import { thumbnailCorner, type HeadGridLayout } from '../graphs/headGrid.ts';
import { attention } from '../store.ts';

/** In a corner: the middle of a thumbnail chooses the head. */
const sideOf = ({ wide, high }: HeadGridLayout): number => Math.min(15, Math.floor(0.4 * Math.min(wide, high)));

/** Thumbnails smaller than this have no room for it: there are the menu and the key. */
const roomy = 24;

export function HeadSwitch({ layout, at }: { readonly layout: HeadGridLayout; readonly at: number | null }): JSX.Element | null {
  const place = at === null ? undefined : layout.places[at];
  const of = attention.value;
  if (at === null || !place || !of || !canIntervene.value || Math.min(layout.wide, layout.high) < roomy) return null;
  const { layer, head } = place;
  const { x, y } = thumbnailCorner(layout, at);
  const side = sideOf(layout);
  const off = isHeadOff.value(layer, head);
  return (
    <button
      type="button"
      class="head-switch"
      style={{ left: `${x + layout.wide - side}px`, top: `${y}px`, width: `${side}px`, height: `${side}px` }}
      tabIndex={-1}
      aria-pressed={off}
      aria-label={l10n.t('Switch off head {0}.{1}', layer, head)}
      title={off ? l10n.t('Switch it on again (X)') : l10n.t('Switch it off (X)')}
      onClick={() => switchOff({ kind: 'head', part: of.part, layer, head, by: 'zero' })}
    >
      <svg width={side - 3} height={side - 3} viewBox="0 0 12 12" aria-hidden="true" focusable="false">
        <path d="M6 1.5v4M3.5 3a4 4 0 1 0 5 0" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" />
      </svg>
    </button>
  );
}

/** Place of the head button that an event came from; null elsewhere. */
export function headUnder(target: EventTarget | null, grid: Element): number | null {
  const button = target instanceof Element ? target.closest('.head-button') : null;
  const at = button ? [...grid.querySelectorAll('.head-button')].indexOf(button) : -1;
  return at < 0 ? null : at;
}
