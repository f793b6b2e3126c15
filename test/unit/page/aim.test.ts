import { beforeEach, describe, expect, it, vi } from 'vitest';
import type * as Aim from '../../../webview/aim.ts';
import type * as Store from '../../../webview/store.ts';
import { fakePage } from './fakePage.ts';

let aim: typeof Aim;
let store: typeof Store;
const chosen = (): unknown => [store.view.value.target, store.view.value.rival];

beforeEach(async () => {
  vi.resetModules();
  fakePage();
  store = await import('../../../webview/store.ts');
  aim = await import('../../../webview/aim.ts');
});

describe('target and rival', () => {
  it('are chosen by one click, and let go by another', () => {
    aim.lookAt(3);
    aim.holdAgainst(7);
    expect(chosen()).toEqual([3, 7]);
    aim.holdAgainst(8);
    aim.lookAt(3);
    expect(chosen()).toEqual([null, 8]);
    aim.holdAgainst(8);
    expect(chosen()).toEqual([null, null]);
  });

  it('are never the same token', () => {
    aim.holdAgainst(7);
    aim.lookAt(7);
    expect(chosen()).toEqual([7, null]);
  });
});
