/** The page's keys. Controls keep those that they need themselves. */
import * as l10n from '@vscode/l10n';
import { announce } from './announce.ts';
import { leaveOutFocused, openViewMenu } from './experimentMenu.ts';
import { headsShown, redo, switchOffTogether, undo } from './experiments.ts';
import { turnStep } from './lesson/lessonStore.ts';
import { changeSides } from './lesson/sides.ts';
import { focused, shown, tokensOf } from './store.ts';
import { clearFocus, crossOver, goToEdge, pinFocused, showPartAt, stepHead, stepLayer, stepToken } from './steps.ts';
import { visibleLabel } from './visibleText.ts';

export type KeyAction = 'previousToken' | 'nextToken' | 'firstToken' | 'lastToken' | 'pin' | 'clear' | 'previousHead' | 'nextHead' | 'previousLayer' | 'nextLayer' | 'firstPart' | 'secondPart' | 'thirdPart' | 'crossOver' | 'headsOff' | 'leaveOut' | 'menu' | 'previousStep' | 'nextStep' | 'changeSides' | 'keys';

const actions: Readonly<Record<string, KeyAction>> = {
  ArrowLeft: 'previousToken',
  ArrowUp: 'previousToken',
  ArrowRight: 'nextToken',
  ArrowDown: 'nextToken',
  Home: 'firstToken',
  End: 'lastToken',
  Enter: 'pin',
  ' ': 'pin',
  Escape: 'clear',
  '[': 'previousHead',
  ']': 'nextHead',
  PageUp: 'previousLayer',
  PageDown: 'nextLayer',
  '1': 'firstPart',
  '2': 'secondPart',
  '3': 'thirdPart',
  x: 'crossOver',
  p: 'previousStep',
  n: 'nextStep',
  l: 'changeSides',
  Delete: 'leaveOut',
  Backspace: 'leaveOut',
  ContextMenu: 'menu',
  '?': 'keys',
};

/** Keys that a control under the keyboard's focus uses itself. */
const controls: readonly { readonly selector: string; readonly keys: readonly string[] }[] = [
  { selector: 'input, vscode-dropdown, [role="radiogroup"], [role="tablist"], vscode-panel-tab', keys: ['ArrowLeft', 'ArrowUp', 'ArrowRight', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown', 'Enter', ' ', 'Escape', 'Delete', 'Backspace'] },
  { selector: 'button, vscode-button, vscode-checkbox, summary, a', keys: ['Enter', ' '] },
  // A lesson is read: these scroll it.
  { selector: '.lesson', keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown', 'Enter', ' '] },
  { selector: '.region-table', keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End'] },
];

/** What `key` does when pressed in `target`, or null where it is not the page's. */
export function keyAction(key: string, target: { closest(selector: string): unknown } | null): KeyAction | null {
  // What is typed is text.
  if (target?.closest('input[type="text"], textarea')) return null;
  const taken = controls.some((control) => control.keys.includes(key) && Boolean(target?.closest(control.selector)));
  return taken ? null : (actions[key] ?? null);
}

/** Acts on one key press. `showKeys` shows the list of keys. */
export function handleKey(event: KeyboardEvent, showKeys: () => void): void {
  if (takesBack(event)) return;
  const typesByModifier = event.getModifierState('AltGraph');
  if (event.defaultPrevented || ((event.ctrlKey || event.altKey || event.metaKey) && !typesByModifier)) return;
  const action = meant(keyAction(event.shiftKey && event.key === 'F10' ? 'ContextMenu' : event.key, event.target instanceof Element ? event.target : null));
  if (action === null) return;
  event.preventDefault();
  if (action === 'keys') showKeys();
  else performers[action]();
  // In the strip the keyboard's focus itself goes to the token, and is read out.
  if (tokenActions.has(action) && !(event.target instanceof Element && event.target.closest('.strip'))) announce(focusedTokenText());
}

/** Only a model that translates has two sides; of the others the same key is for heads. */
function meant(action: KeyAction | null): KeyAction | null {
  return action === 'crossOver' && shown.peek()?.info.model.kind !== 'encoder-decoder' ? 'headsOff' : action;
}

/** Ctrl+Z takes the last change of experiments back, Ctrl+Shift+Z and Ctrl+Y do it again; in a field they are the field's. */
function takesBack(event: KeyboardEvent): boolean {
  const key = event.key.toLowerCase();
  if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey) || (key !== 'z' && key !== 'y')) return false;
  if (event.target instanceof Element && event.target.closest('input[type="text"], input[type="number"], textarea')) return false;
  event.preventDefault();
  if (key === 'y' || event.shiftKey) redo();
  else undo();
  return true;
}

const performers: Readonly<Record<Exclude<KeyAction, 'keys'>, () => void>> = {
  previousToken: () => stepToken(-1),
  nextToken: () => stepToken(1),
  firstToken: () => goToEdge('first'),
  lastToken: () => goToEdge('last'),
  pin: pinFocused,
  clear: clearFocus,
  previousHead: () => stepHead(-1),
  nextHead: () => stepHead(1),
  previousLayer: () => stepLayer(-1),
  nextLayer: () => stepLayer(1),
  firstPart: () => showPartAt(0),
  secondPart: () => showPartAt(1),
  thirdPart: () => showPartAt(2),
  crossOver,
  headsOff: () => switchOffTogether(headsShown()),
  leaveOut: leaveOutFocused,
  menu: () => openViewMenu(document.activeElement ?? document.body),
  previousStep: () => turnStep(-1),
  nextStep: () => turnStep(1),
  changeSides,
};

const tokenActions: ReadonlySet<KeyAction> = new Set(['previousToken', 'nextToken', 'firstToken', 'lastToken', 'crossOver']);

function focusedTokenText(): string {
  const place = focused.value;
  const token = place && tokensOf(place.sequence)[place.token];
  return place && token ? l10n.t('{0}, token {1}', visibleLabel(token.text), place.token) : '';
}

/** The list of keys, for people. */
export function keyList(): { readonly keys: string; readonly does: string }[] {
  return [
    { keys: '← → ↑ ↓', does: l10n.t('Go from token to token; in the text also from line to line.') },
    { keys: 'Home  End', does: l10n.t('Go to the first or last token.') },
    { keys: 'Enter  Space', does: l10n.t('Pin the token, or let it go.') },
    { keys: 'Esc', does: l10n.t('Let go of every token.') },
    { keys: '[  ]', does: l10n.t('Previous or next head; all heads come between last and first.') },
    { keys: 'Page Up  Page Down', does: l10n.t('Previous or next layer.') },
    { keys: '1  2  3', does: l10n.t('Of a model that translates: attention of the encoder, of the decoder, or from the output to the text.') },
    { keys: 'X', does: l10n.t('Switch the heads that are looked at off or on. Of a model that translates: go from the text to the output and back; in the grid of heads, switch the head.') },
    { keys: '+  −  0', does: l10n.t('In the plane of embeddings: closer, further away, all of it. With Shift, the arrow keys move it.') },
    { keys: 'Delete', does: l10n.t('Leave the token out, or take it in again.') },
    { keys: 'Shift+F10', does: l10n.t('Show what can be switched off: heads, layers, links of the token, positions.') },
    { keys: 'Ctrl+Z  Ctrl+Shift+Z', does: l10n.t('Undo the last change of experiments, or do it again.') },
    { keys: 'N  P', does: l10n.t('In a lesson: next or previous step.') },
    { keys: 'L', does: l10n.t('From the lesson to the live view and back.') },
    { keys: '?', does: l10n.t('Show this list.') },
  ];
}
