import { describe, expect, it } from 'vitest';
import { CurrentRun, type RunEngine } from '../../../src/panel/currentRun.ts';
import type { HostRunEvent, RunEvent, RunId, RunInfo, RunRequest, Token } from '../../../src/protocol.ts';

const request = (text: string): RunRequest => ({ model: { name: 'm', location: '/m' }, text });
const info = (run: RunId): RunInfo => ({
  run,
  model: { name: 'm', kind: 'decoder', door: 'weights', type: 'gpt2', attentions: [], predicts: 'next', mask: null, targets: [], precision: 'float32', memory: { weights: 1, peak: 1 }, layers: 1, heads: 1, keyHeads: 1, width: 1, headWidth: 1, vocabulary: 1, positions: 1, parameters: 1, weights: 'F32', threads: 1 },
  tokens: [],
  window: { start: 0, end: 0, total: 0, textLength: 5, textRead: 5 },
  target: null,
});

/** An engine whose runs the test moves on by hand. */
class SlowEngine implements RunEngine {
  readonly released: RunId[] = [];
  private readonly runs = new Map<RunId, (event: RunEvent) => void>();

  run(_request: RunRequest, onEvent: (event: RunEvent) => void, signal?: AbortSignal): { run: RunId; done: Promise<void> } {
    const run = this.runs.size + 1;
    this.runs.set(run, onEvent);
    signal?.addEventListener('abort', () => onEvent({ type: 'failed', run, problem: { code: 'run.cancelled', facts: {} } }));
    return { run, done: Promise.resolve() };
  }

  release(run: RunId): void {
    this.released.push(run);
  }

  write(run: RunId, count: number): void {
    const token: Token = { id: 1, text: 'a', bytes: [97], start: 0, end: 1, origin: 'text', partial: false, word: 0 };
    this.runs.get(run)?.({ type: 'output', run, tokens: Array.from({ length: count }, () => token), complete: false });
  }

  tell(run: RunId, ...types: readonly ('started' | 'finished' | 'failed')[]): void {
    const events: Record<(typeof types)[number], RunEvent> = {
      started: { type: 'started', run, info: info(run) },
      finished: { type: 'finished', run, milliseconds: 1 },
      failed: { type: 'failed', run, problem: { code: 'engine.died', facts: { detail: 'x' } } },
    };
    for (const type of types) this.runs.get(run)?.(events[type]);
  }
}

function watched(): { engine: SlowEngine; current: CurrentRun; heard: HostRunEvent[] } {
  const heard: HostRunEvent[] = [];
  return { engine: new SlowEngine(), current: new CurrentRun((event) => heard.push(event)), heard };
}

describe('the run of a panel', () => {
  it('keeps its events for a page that comes late', () => {
    const { engine, current, heard } = watched();
    current.begin(engine, request('a'));
    engine.tell(1, 'started', 'finished');
    expect(current.events.map(({ type }) => type)).toEqual(['started', 'finished']);
    expect(heard).toEqual(current.events);
    expect(current.state).toBe('finished');
  });

  it('gives way to a newer one, and no word of the old one comes through', () => {
    const { engine, current, heard } = watched();
    current.begin(engine, request('a'));
    engine.tell(1, 'started');
    current.begin(engine, request('b'));
    engine.tell(1, 'finished');
    engine.tell(2, 'started', 'finished');
    expect(heard.map(({ run }) => run)).toEqual([1, 2, 2]);
  });

  it('is held until there is something of the next one to look at', () => {
    const { engine, current } = watched();
    current.begin(engine, request('a'));
    engine.tell(1, 'started', 'finished');
    current.begin(engine, request('b'));
    expect(engine.released).toEqual([]);
    engine.tell(2, 'started');
    expect(engine.released).toEqual([1]);
  });

  it('lets go of all but the newest in a burst', () => {
    const { engine, current } = watched();
    for (let run = 1; run <= 50; run++) {
      current.begin(engine, request(String(run)));
      if (run % 7 === 0) engine.tell(run, 'started');
    }
    engine.tell(50, 'started', 'finished');
    expect([...engine.released].sort((a, b) => a - b)).toEqual(Array.from({ length: 49 }, (_, index) => index + 1));
    current.dispose();
    expect(engine.released).toHaveLength(50);
  });

  it('is cancelled and let go when the panel closes', () => {
    const { engine, current, heard } = watched();
    current.begin(engine, request('a'));
    engine.tell(1, 'started');
    current.dispose();
    expect(engine.released).toEqual([1]);
    expect(heard.map(({ type }) => type)).toEqual(['started']);
  });

  it('says what went wrong in words, once', () => {
    const { engine, current, heard } = watched();
    current.begin(engine, request('a'));
    engine.tell(1, 'started', 'failed');
    current.fail({ code: 'engine.died', facts: { detail: 'x' } });
    expect(heard.map(({ type }) => type)).toEqual(['started', 'failed']);
    const last = heard.at(-1);
    expect(last?.type === 'failed' && last.trouble.message).toContain('(x)');
  });

  it('fails when the worker that held its result has died', () => {
    const { engine, current } = watched();
    current.begin(engine, request('a'));
    engine.tell(1, 'started', 'finished');
    current.fail({ code: 'engine.died', facts: { detail: 'x' } });
    expect(current.state).toBe('failed');
  });

  it('can be refused before it begins', () => {
    const { current, heard } = watched();
    current.refuse({ code: 'model.unknownName', facts: { name: 'x', known: 'y' } });
    expect(heard).toMatchObject([{ type: 'failed', trouble: { code: 'model.unknownName' } }]);
    expect(current.state).toBe('failed');
  });

  it('tells the length of the whole text where only its beginning was given', () => {
    const { engine, current } = watched();
    current.begin(engine, request('begin'), 5_000_000);
    engine.tell(1, 'started');
    expect(current.info?.window).toMatchObject({ textLength: 5_000_000, textRead: 5 });
  });

  it('keeps of what is written the latest state only, for a page that comes late', () => {
    const engine = new SlowEngine();
    const heard: HostRunEvent[] = [];
    const run = new CurrentRun((event) => heard.push(event));
    run.begin(engine, request('a'));
    engine.tell(1, 'started');
    engine.write(1, 1);
    engine.write(1, 2);
    engine.tell(1, 'finished');
    expect(heard.map(({ type }) => type)).toEqual(['started', 'output', 'output', 'finished']);
    expect(run.events.map(({ type }) => type)).toEqual(['started', 'output', 'finished']);
    expect(run.events[1]).toMatchObject({ tokens: { length: 2 } });
  });
});
