/** Writing again with the experiments on: what the host is asked, what is shown meanwhile, and how it is called off. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostRunEvent, PageMessage } from '../../../src/protocol.ts';
import type * as Experiments from '../../../webview/experiments.ts';
import type * as Rewriting from '../../../webview/rewriting.ts';
import type * as Store from '../../../webview/store.ts';
import { fakePage, infoOf, subjectOf, tokensOf, translator, type FakeHost } from './fakePage.ts';

const head = { kind: 'head', part: 'cross', layer: 1, head: 2, by: 'zero' } as const;
type Wish = Extract<PageMessage, { type: 'beside' }>;

let host: FakeHost;
let store: typeof Store;
let experiments: typeof Experiments;
let rewriting: typeof Rewriting;

const wishes = (): Wish[] => host.sent.filter((message) => message.type === 'beside').filter(({ place }) => place === 'writing');
const tell = (event: HostRunEvent): void => host.send({ type: 'beside', place: 'writing', request: wishes().at(-1)?.request ?? NaN, event });
const words = (): string => rewriting.rewritten.value?.changes.map(({ kind, text }) => `${kind} ${text}`).join(', ') ?? '';

/** The translator has written `un chat` for `a cat`. */
function show(run: number): void {
  host.send({ type: 'subject', subject: { ...subjectOf('a cat'), model: 'translator' } });
  host.send({ type: 'run', event: { type: 'started', run, info: { ...infoOf(run, ['a', ' cat']), model: translator } } });
  host.send({ type: 'run', event: { type: 'output', run, tokens: tokensOf(['un', ' chat']), complete: true } });
  host.send({ type: 'run', event: { type: 'finished', run, milliseconds: 1 } });
  vi.advanceTimersByTime(500);
}

beforeEach(async () => {
  vi.resetModules();
  vi.useFakeTimers();
  host = fakePage();
  store = await import('../../../webview/store.ts');
  experiments = await import('../../../webview/experiments.ts');
  rewriting = await import('../../../webview/rewriting.ts');
  store.start(() => undefined);
  host.send({ type: 'hello', strings: {}, locale: 'en', models: [], view: null });
  show(1);
});

function writeAgain(): void {
  experiments.switchOff(head);
  vi.advanceTimersByTime(500);
  rewriting.setRewrites(true);
}

describe('writing again', () => {
  it('is offered with experiments only, and asks for an output of its own', () => {
    expect(rewriting.canRewrite.value).toBe(false);
    experiments.switchOff(head);
    vi.advanceTimersByTime(500);
    expect(rewriting.canRewrite.value).toBe(true);
    expect(wishes()).toEqual([]);
    rewriting.setRewrites(true);
    expect(wishes()).toMatchObject([{ wanted: { interventions: [head] } }]);
    expect(wishes()[0]?.wanted).not.toHaveProperty('outputIds');
    expect(host.sent.filter((message) => message.type === 'beside').filter(({ place }) => place === 'experiments')).toMatchObject([{ wanted: { outputIds: [1, 2] } }]);
  });

  it('shows what comes, and at the end what is gone', () => {
    writeAgain();
    tell({ type: 'started', run: 5, info: { ...infoOf(5, ['a', ' cat']), model: translator } });
    tell({ type: 'output', run: 5, tokens: tokensOf(['un']), complete: false });
    expect(rewriting.rewritten.value?.complete).toBe(false);
    expect(words()).toBe('same un');
    tell({ type: 'output', run: 5, tokens: tokensOf(['un']), complete: true });
    tell({ type: 'finished', run: 5, milliseconds: 1 });
    expect(rewriting.rewritten.value?.complete).toBe(true);
    expect(words()).toBe('same un, gone  chat');
  });

  it('is called off while it goes, and what still comes of it is not shown', () => {
    writeAgain();
    rewriting.setRewrites(false);
    expect(wishes().at(-1)?.wanted).toBeNull();
    expect(rewriting.rewritten.value).toBeNull();
    tell({ type: 'output', run: 5, tokens: tokensOf(['un']), complete: false });
    expect(rewriting.rewritten.value).toBeNull();
  });

  it('begins anew with other experiments and with another text, and ends with the last experiment', () => {
    writeAgain();
    experiments.switchOff({ ...head, head: 0 });
    vi.advanceTimersByTime(500);
    expect(wishes().at(-1)?.wanted?.interventions).toHaveLength(2);
    show(2);
    expect(rewriting.rewritten.value?.changes).toEqual([]);
    expect(wishes().at(-1)?.wanted?.interventions).toHaveLength(2);
    const before = wishes().length;
    experiments.clear();
    vi.advanceTimersByTime(500);
    expect(wishes()).toHaveLength(before + 1);
    expect(wishes().at(-1)?.wanted).toBeNull();
  });

  it('tells why it came to nothing', () => {
    writeAgain();
    tell({ type: 'failed', run: 5, trouble: { code: 'engine.died', message: 'It died.', help: 'Again.' } });
    expect(rewriting.rewritten.value).toMatchObject({ complete: false, trouble: { message: 'It died.' } });
  });
});
