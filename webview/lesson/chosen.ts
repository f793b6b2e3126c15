/** What is chosen in the live view now, as far as a check is about it. */
import * as l10n from '@vscode/l10n';
import type { Check } from '../../src/protocol.ts';
import { output, pinned, run, tokensOf, view } from '../store.ts';
import { visibleLabel } from '../visibleText.ts';

/** Null where the check is about no one thing that could be named. */
export function chosenNow(kind: Check['kind']): string | null {
  switch (kind) {
    case 'head':
      return chosenHead();
    case 'token':
      return chosenToken();
    case 'experiment':
      return switchedOff();
    case 'text':
      return run.value.state === 'loading' ? l10n.t('The model is reading…') : null;
    default:
      return null;
  }
}

function chosenHead(): string {
  const { heads, layer } = view.value;
  const [head] = heads;
  return heads.length === 1 && head !== undefined
    ? l10n.t('Chosen now: head {0} of layer {1}.', head, layer)
    : l10n.t('No single head is chosen yet: click one in the grid of heads.');
}

function chosenToken(): string {
  const place = pinned.value;
  const token = place && tokensOf(place.sequence)[place.token];
  if (!place || !token) return l10n.t('No token is pinned yet: click one, or go to it with the arrow keys and press Enter.');
  return output.value && place.sequence === 'output'
    ? l10n.t('Pinned now: “{0}” (token {1} of the output).', visibleLabel(token.text), place.token)
    : l10n.t('Pinned now: “{0}” (token {1}).', visibleLabel(token.text), place.token);
}

function switchedOff(): string {
  const count = view.value.experiments.filter(({ on }) => on).length;
  if (count === 0) return l10n.t('Nothing is switched off yet.');
  return count === 1 ? l10n.t('One thing is switched off now.') : l10n.t('{0} things are switched off now.', count);
}
