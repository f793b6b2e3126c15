/** Partners of the focused unit that are scrolled out of sight, stated at the frame's edges. */
import * as l10n from '@vscode/l10n';
import type { Theme } from '../theme.ts';
import type { CrossLayout } from './crossLayout.ts';
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

export function beyondView(partners: readonly Partner[], exact: Focus['exact'], layout: GraphLayout, scroll: number): Beyond {
  const place = (unit: number): number => unitCentre(layout, unit) - scroll;
  const side = (beyond: readonly Partner[]): Side => {
    const weight = beyond.reduce((sum, partner) => sum + partner.weight, 0);
    return { count: beyond.length, share: exact && exact.total > 0 ? weight / exact.total : null };
  };
  return {
    before: side(partners.filter(({ unit }) => place(unit) < 0)),
    after: side(partners.filter(({ unit }) => place(unit) > layout.viewport)),
  };
}

/**
 * A line of text at each edge beyond which there are partners.
 * @param layout of the partners' sequence.
 * @param between both sequences, where links go from one to the other: the text then stands between them.
 */
export function edgeMarks(partners: readonly Partner[], exact: Focus['exact'], layout: GraphLayout, scroll: number, theme: Theme, frame: Frame, between?: CrossLayout): Mark[] {
  const { before, after } = beyondView(partners, exact, layout, scroll);
  const vertical = layout.layout === 'vertical';
  const marks: Mark[] = [];
  const height = theme.fontSize + 7;
  const inside = (side: number): number => (layout.spine < (between ? (between.queries.spine + between.keys.spine) / 2 : Infinity) ? layout.spine + 4 : layout.spine - 4 - side);
  const place = (text: string, atEnd: boolean): void => {
    // The tokens' font is the wider one, so this is room enough.
    const width = Math.min(frame.width, frame.measure(text, theme.fontSize) + 12);
    const x = vertical ? Math.max(0, Math.min(inside(width), frame.width - width)) : atEnd ? frame.width - width : 0;
    const y = vertical ? (atEnd ? frame.height - height : 0) : between ? inside(height) : 0;
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
