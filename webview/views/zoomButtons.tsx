/** Pixels from token to token in the graph: closer, wider, or as the room allows. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import { keys, queries, setView, unitsOf, view } from '../store.ts';
import { Icon } from '../ui/icons.tsx';
import { Button } from '../ui/toolkit.tsx';

/** Steps of the zoom; 0 fits. */
const steps = [4, 8, 12, 16, 22, 30, 44, 64, 90] as const;

export interface ZoomButtonsProps {
  /** Pixels from token to token where the picture fits its room; along the line of the graph where this is left out. */
  readonly fitting?: (room: Element) => number;
}

export function ZoomButtons({ fitting }: ZoomButtonsProps): JSX.Element {
  const group = useRef<HTMLSpanElement>(null);
  const { spacing, layout } = view.value;
  /** What the spacing is now: where the graph fits its room, what that comes to. */
  const current = (): number => {
    const room = group.current?.closest('.picture')?.querySelector('.drawing');
    if (spacing > 0 || !room) return spacing;
    if (fitting) return fitting(room);
    return (layout === 'vertical' ? room.clientHeight : room.clientWidth) / Math.max(1, unitsOf(queries.value).length, unitsOf(keys.value).length);
  };
  const zoom = (towards: 1 | -1): void => {
    const now = current();
    const next = towards > 0 ? steps.find((step) => step > now) : steps.findLast((step) => step < now);
    if (next !== undefined) setView({ spacing: next });
  };
  return (
    <span class="group" role="group" aria-label={l10n.t('Zoom')} ref={group}>
      <Button appearance="icon" label={l10n.t('Tokens closer together')} disabled={spacing === steps[0]} onClick={() => zoom(-1)}>
        <Icon name="zoomOut" />
      </Button>
      <Button appearance="icon" label={l10n.t('Fit the picture to the room')} pressed={spacing === 0} onClick={() => setView({ spacing: 0 })}>
        <Icon name="fit" />
      </Button>
      <Button appearance="icon" label={l10n.t('Tokens further apart')} disabled={spacing === steps.at(-1)} onClick={() => zoom(1)}>
        <Icon name="zoomIn" />
      </Button>
    </span>
  );
}
