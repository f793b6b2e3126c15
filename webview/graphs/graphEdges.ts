/** Partners of the focused unit that are scrolled out of sight, stated at the frame's edges. */
import * as l10n from '@vscode/l10n';
import type { Theme } from '../theme.ts';
import type { Frame, Mark } from './drawing.ts';
import type { Focus, Partner } from './focus.ts';
import { unitCentre, type GraphLayout } from './graphLayout.ts';
import { percentText } from './percent.ts';

export interface Beyond {
  readonly before: Side;
  readonly after: Side;
}

/** Partners whose middle is not seen, and their share of the row or column once that is known. */
export interface Side {
  readonly count: number;
  readonly share: number | null;
}

export function beyondView(focus: Focus, layout: GraphLayout, scroll: number): Beyond {
  const place = (unit: number): number => unitCentre(layout, unit) - scroll;
  const side = (partners: readonly Partner[]): Side => {
    const weight = partners.reduce((sum, partner) => sum + partner.weight, 0);
    return { count: partners.length, share: focus.exact && focus.exact.total > 0 ? weight / focus.exact.total : null };
  };
  return {
    before: side(focus.partners.filter(({ unit }) => place(unit) < 0)),
    after: side(focus.partners.filter(({ unit }) => place(unit) > layout.viewport)),
  };
}

/** A line of text at each edge beyond which there are partners. */
export function edgeMarks(focus: Focus, layout: GraphLayout, scroll: number, theme: Theme, frame: Frame): Mark[] {
  const { before, after } = beyondView(focus, layout, scroll);
  const vertical = layout.layout === 'vertical';
  const marks: Mark[] = [];
  const height = theme.fontSize + 7;
  const place = (text: string, atEnd: boolean): void => {
    // The tokens' font is the wider one, so this is room enough.
    const width = Math.min(frame.width, frame.measure(text, theme.fontSize) + 12);
    const x = vertical ? Math.max(0, Math.min(layout.spine + 4, frame.width - width)) : atEnd ? frame.width - width : 0;
    const y = vertical && atEnd ? frame.height - height : 0;
    marks.push({ mark: 'rect', x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, fill: theme.background, stroke: theme.border });
    marks.push({ mark: 'text', x: x + width / 2, y: y + height / 2, text, color: theme.foreground, size: theme.fontSize, anchor: 'middle' });
  };
  if (before.count > 0) place(vertical ? aboveText(before) : beforeText(before), false);
  if (after.count > 0) place(vertical ? belowText(after) : afterText(after), true);
  return marks;
}

function aboveText({ count, share }: Side): string {
  return share === null ? l10n.t('↑ {0} more above', count) : l10n.t('↑ {0} more above, {1}', count, percentText(share));
}

function belowText({ count, share }: Side): string {
  return share === null ? l10n.t('↓ {0} more below', count) : l10n.t('↓ {0} more below, {1}', count, percentText(share));
}

function beforeText({ count, share }: Side): string {
  return share === null ? l10n.t('← {0} more before', count) : l10n.t('← {0} more before, {1}', count, percentText(share));
}

function afterText({ count, share }: Side): string {
  return share === null ? l10n.t('→ {0} more after', count) : l10n.t('→ {0} more after, {1}', count, percentText(share));
}
