import { beforeAll, describe, expect, it, vi } from 'vitest';
import type * as Keys from '../../../webview/keys.ts';
import type * as Store from '../../../webview/store.ts';
import type * as Steps from '../../../webview/steps.ts';
import { fakePage, infoOf, subjectOf } from './fakePage.ts';

let keys: typeof Keys;
let store: typeof Store;
let steps: typeof Steps;

beforeAll(async () => {
  vi.resetModules();
  const host = fakePage();
  store = await import('../../../webview/store.ts');
  keys = await import('../../../webview/keys.ts');
  steps = await import('../../../webview/steps.ts');
  store.start(() => undefined);
  host.send({ type: 'subject', subject: subjectOf('a b c') });
  host.send({ type: 'run', event: { type: 'started', run: 1, info: infoOf(1, ['a', ' b', ' c']) } });
});

/** An element inside another that matches `selector`. */
const inside = (...selectors: string[]): { closest(selector: string): unknown } => ({
  closest: (selector) => (selector.split(', ').some((one) => selectors.includes(one)) ? 'found' : null),
});

describe('keys', () => {
  it('move about wherever nothing else needs them', () => {
    expect(keys.keyAction('ArrowRight', null)).toBe('nextToken');
    expect(keys.keyAction('PageDown', inside('button'))).toBe('nextLayer');
    expect(keys.keyAction(']', inside('input'))).toBe('nextHead');
    expect(keys.keyAction('q', null)).toBeNull();
  });

  it('stay with the control that uses them', () => {
    expect(keys.keyAction('ArrowRight', inside('input'))).toBeNull();
    expect(keys.keyAction('Enter', inside('vscode-button'))).toBeNull();
    expect(keys.keyAction('PageDown', inside('vscode-dropdown'))).toBeNull();
  });

  it('scroll a lesson, and turn its steps', () => {
    expect(keys.keyAction('PageDown', inside('.lesson'))).toBeNull();
    expect(keys.keyAction('Enter', inside('.lesson'))).toBeNull();
    expect(keys.keyAction('n', inside('.lesson'))).toBe('nextStep');
    expect(keys.keyAction('l', inside('button'))).toBe('changeSides');
    expect(keys.keyAction('n', inside('input[type="text"]'))).toBeNull();
  });

  it('are all in the list that people see', () => {
    const listed = keys.keyList().map((entry) => entry.keys).join(' ');
    for (const key of ['Home', 'End', 'Enter', 'Space', 'Esc', '[', ']', 'Page Up', 'Page Down', 'N', 'P', 'L', '?']) expect(listed).toContain(key);
  });
});

describe('steps', () => {
  it('enter the text at the end they come from, and stop at its ends', () => {
    steps.stepToken(1);
    expect(store.focused.value).toEqual({ sequence: 'text', token: 0 });
    steps.stepToken(-1);
    expect(store.focused.value).toEqual({ sequence: 'text', token: 0 });
    steps.clearFocus();
    steps.stepToken(-1);
    expect(store.focused.value).toEqual({ sequence: 'text', token: 2 });
    steps.goToEdge('first');
    expect(store.focused.value).toEqual({ sequence: 'text', token: 0 });
  });

  it('pin and let go', () => {
    steps.goToEdge('last');
    steps.pinFocused();
    expect(store.pinned.value).toEqual({ sequence: 'text', token: 2 });
    steps.clearFocus();
    expect(store.focused.value).toBeNull();
  });

  it('stay within the layers of the model', () => {
    steps.stepLayer(-1);
    expect(store.view.value.layer).toBe(0);
    steps.stepLayer(1);
    steps.stepLayer(1);
    expect(store.view.value.layer).toBe(1);
  });
});
