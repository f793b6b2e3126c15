/** What shades the tokens of a strip now: surprisal, influence, or attention of the token in focus; and what the shades mean. */
import * as l10n from '@vscode/l10n';
import type { Ask, Sequence } from '../../src/protocol.ts';
import { focusRow } from '../answers.ts';
import { attentionText } from '../exports/caption.ts';
import { linkColors } from '../graphs/attentionGraph.ts';
import type { StripPicture, StripShade } from '../graphs/stripPicture.ts';
import { influence } from '../recurrentAnswers.ts';
import { keys, lookedAt, pinned, queries, shown, theme, tokensOf, unitsOf, view } from '../store.ts';
import { shownBits } from '../surprisalAnswers.ts';
import { visibleLabel } from '../visibleText.ts';
import { influenceShades, shadesOf, surpriseHue, surprisalShades, type Shade } from './stripShade.ts';
import { surprisalSentence } from './surprisal.tsx';

interface Shades {
  readonly shades: readonly Shade[];
  /** A hue for each of the heads that shades count in. */
  readonly colors: readonly string[];
}

/** The shade of each token that has one. */
export function tokenShades(sequence: Sequence): ReadonlyMap<number, StripShade> {
  const { shades, colors } = shadesIn(sequence);
  const found = new Map<number, StripShade>();
  for (const { firstToken, lastToken, strength, head } of shades) {
    const color = colors[head] ?? theme.value.accent;
    for (let token = firstToken; token <= lastToken; token++) found.set(token, { strength, color });
  }
  return found;
}

/** Partners of the focused unit, in the strip that they are in, once their weights are known; beside surprisal or influence that instead. */
function shadesIn(sequence: Sequence): Shades {
  const surprise = sequence === 'text' ? shownBits.value : null;
  if (surprise) return { shades: surprisalShades(surprise.bits, surprise.signed), colors: surprise.signed ? [surpriseHue(theme.value, 1), surpriseHue(theme.value, -1)] : [theme.value.accent] };
  if (view.value.picture === 'influence') return { shades: influenceOf(sequence) ?? [], colors: [] };
  const row = rowIn(sequence);
  return row ? { shades: shadesOf(row.value, row.ask, view.value.sink, unitsOf(sequence)), colors: linkColors(row.ask, theme.value) } : { shades: [], colors: [] };
}

function influenceOf(sequence: Sequence): readonly Shade[] | null {
  const own = sequence === 'text' ? influence.value : null;
  return own && own.run === shown.value?.info.run ? influenceShades(own.divergence) : null;
}

/** The row or column of the focus, whose other tokens are in `sequence`. */
function rowIn(sequence: Sequence): (typeof focusRow.value)['last'] {
  const { last } = focusRow.value;
  const looked = lookedAt.value;
  return last && looked && last.ask.unitIndex === looked.unit && last.run === shown.value?.info.run && (last.ask.direction === 'from' ? keys.value : queries.value) === sequence ? last : null;
}

/** What several hues mean. */
export function shadeLegend(sequence: Sequence): StripPicture['legend'] {
  const { colors } = shadesIn(sequence);
  const [warm, cold] = colors;
  if (sequence === 'text' && shownBits.value) return shownBits.value.signed && warm !== undefined && cold !== undefined ? [{ color: warm, text: l10n.t('more surprising') }, { color: cold, text: l10n.t('less surprising') }] : [];
  const heads = rowIn(sequence)?.ask;
  return heads && !heads.average && heads.heads.length > 1 && view.value.picture !== 'influence' ? heads.heads.map((head, at) => ({ color: colors[at] ?? theme.value.accent, text: l10n.t('head {0}', head) })) : [];
}

/** What an export of the text says of its shades, and of the token that is outlined. */
export function shadeSentences(): string {
  const place = pinned.value;
  const outlined = place ? l10n.t('Outlined: “{0}” ({1}), which is pinned.', visibleLabel(tokensOf(place.sequence)[place.token]?.text ?? ''), place.token) : '';
  return [shadeSentence(), outlined].filter((sentence) => sentence !== '').join(' ');
}

function shadeSentence(): string {
  if (shownBits.value) return surprisalSentence();
  if (view.value.picture === 'influence') return influence.value ? l10n.t('Shade: how much the prediction changes when a token is left out.') : '';
  const row = rowIn('text') ?? rowIn('output');
  return row ? `${attendsText(row.ask)} ${attentionText()}` : '';
}

function attendsText({ direction, unitIndex }: Ask<'focus'>): string {
  const unit = unitsOf(direction === 'from' ? queries.value : keys.value)[unitIndex];
  const text = visibleLabel(unit?.text ?? '');
  return direction === 'from' ? l10n.t('Shade: what “{0}” ({1}) attends to.', text, unit?.firstToken ?? 0) : l10n.t('Shade: what attends to “{0}” ({1}).', text, unit?.firstToken ?? 0);
}
