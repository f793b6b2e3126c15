/** The text shaded by how surprising its tokens are: the switch, and what the shades mean. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import { wanted } from '../experimentRun.ts';
import { decimalText, signedText } from '../numbers.ts';
import { focused, setView, theme, tokensOf, view } from '../store.ts';
import { bitsAfter, bitsBefore, canSurprise, meanBits, shownBits, surprisalTrouble } from '../surprisalAnswers.ts';
import { Toggle } from '../ui/toggle.tsx';
import { visibleLabel } from '../visibleText.ts';
import { fullBits, fullChange, surpriseHue } from './stripShade.ts';

export function SurprisalToggle(): JSX.Element | null {
  if (!canSurprise.value) return null;
  const { surprisal } = view.value;
  return (
    <Toggle title={l10n.t('Shade each token by how surprising it is after those before it, in bits.')} pressed={surprisal} onClick={() => setView({ surprisal: !surprisal })}>
      {l10n.t('Surprisal')}
    </Toggle>
  );
}

export function SurprisalLegend(): JSX.Element | null {
  const now = shownBits.value;
  if (surprisalTrouble.value) return <p class="surprisal-legend trouble">{surprisalTrouble.value.message}</p>;
  if (!now || !canSurprise.value) return null;
  return (
    <p class="surprisal-legend muted">
      {now.signed ? <ChangeScale /> : l10n.t('Shade: surprisal, deepest from {0} bits on.', fullBits)} {meanText()} {tokenText()}
    </p>
  );
}

function ChangeScale(): JSX.Element {
  return (
    <>
      {l10n.t('Shade: change of surprisal, deepest from {0} bits on:', fullChange)} <Sample color={surpriseHue(theme.value, 1)}>{l10n.t('more surprising')}</Sample> <Sample color={surpriseHue(theme.value, -1)}>{l10n.t('less surprising')}</Sample>
    </>
  );
}

function Sample({ color, children }: { readonly color: string; readonly children: string }): JSX.Element {
  return (
    <span class="chip shaded surprise-sample" style={{ '--hue': color, '--shade': '100%' }}>
      {children}
    </span>
  );
}

/** What the shades mean, and the mean; for exports, which have no colours in their words. */
export function surprisalSentence(): string {
  const scale = shownBits.value?.signed === true ? l10n.t('Shade: change of surprisal, deepest from {0} bits on.', fullChange) : l10n.t('Shade: surprisal, deepest from {0} bits on.', fullBits);
  return `${scale} ${meanText()}`;
}

function meanText(): string {
  const [was, is] = [bitsBefore.value, bitsAfter.value];
  if (!was) return '';
  if (wanted.value.length === 0 || !is) return l10n.t('Mean {0} bits.', decimalText(meanBits(was), 2));
  return l10n.t('Mean {0} bits, with the experiments {1}.', decimalText(meanBits(was), 2), decimalText(meanBits(is), 2));
}

/** The token in focus. */
function tokenText(): string {
  const place = focused.value;
  const [was, is] = [bitsBefore.value, bitsAfter.value];
  if (place?.sequence !== 'text' || !was) return '';
  const [before, after] = [was[place.token] ?? NaN, is?.[place.token] ?? NaN];
  const text = visibleLabel(tokensOf('text')[place.token]?.text ?? '');
  if (Number.isNaN(before)) return l10n.t('“{0}” comes first: nothing is said of it.', text);
  if (Number.isNaN(after)) return l10n.t('“{0}”: {1} bits.', text, decimalText(before, 2));
  return l10n.t('“{0}”: {1} → {2} bits ({3}).', text, decimalText(before, 2), decimalText(after, 2), signedText(after - before, 2));
}
