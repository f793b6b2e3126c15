/**
 * The run a panel shows. The newest wins: a new one cancels the one before, whose tensors are kept
 * only until there is something of the new one to look at. All events are kept, so that a page that
 * comes late or is loaded anew can be told everything; nothing is run twice for it.
 */
import type { EngineClient } from '../engine/client.ts';
import { describe } from '../problems.ts';
import type { HostRunEvent, Problem, RunEvent, RunId, RunInfo, RunRequest } from '../protocol.ts';

export type RunEngine = Pick<EngineClient, 'run' | 'release'>;

interface Held {
  /** Absent where no run could begin. */
  readonly engine?: RunEngine;
  readonly abort: AbortController;
  readonly events: HostRunEvent[];
  run: RunId;
  info: RunInfo | null;
  state: 'running' | 'finished' | 'failed';
}

export class CurrentRun {
  private current: Held | null = null;
  private previous: Held | null = null;

  /** @param onEvent gets the events of the newest run only, problems as sentences. */
  constructor(private readonly onEvent: (event: HostRunEvent) => void) {}

  get id(): RunId | null {
    return this.current?.run ?? null;
  }

  get info(): RunInfo | null {
    return this.current?.info ?? null;
  }

  get state(): 'none' | 'running' | 'finished' | 'failed' {
    return this.current?.state ?? 'none';
  }

  /** All that has happened in the newest run; of what it writes the latest state. */
  get events(): readonly HostRunEvent[] {
    return this.current?.events ?? [];
  }

  /** @param textLength length of the whole text, where the request holds only its beginning. */
  begin(engine: RunEngine, request: RunRequest, textLength: number = request.text.length): void {
    const abort = new AbortController();
    const held: Held = { engine, abort, events: [], run: 0, info: null, state: 'running' };
    this.replaceBy(held);
    held.run = engine.run(request, (event) => this.receive(held, ofWhole(event, textLength)), abort.signal).run;
  }

  /** Puts a failure in place of a run, where none can begin or where its result was lost. */
  fail(problem: Problem): void {
    const held = this.current;
    if (held && held.state !== 'failed') this.receive(held, { type: 'failed', run: held.run, problem });
  }

  /** A run that failed before it could begin. */
  refuse(problem: Problem): void {
    const held: Held = { abort: new AbortController(), events: [], run: 0, info: null, state: 'running' };
    this.replaceBy(held);
    this.fail(problem);
  }

  /** Ends and forgets what there is; another may begin afterwards. */
  dispose(): void {
    const { previous, current } = this;
    this.previous = this.current = null;
    letGo(previous);
    letGo(current);
  }

  /** An aborted run tells of its end at once: by then it must no longer be the current one. */
  private replaceBy(next: Held): void {
    const { previous, current } = this;
    this.current = next;
    current?.abort.abort();
    // A run that never got as far as tokens has nothing to look at.
    if (current?.info) {
      this.previous = current;
      letGo(previous);
    } else letGo(current);
  }

  private receive(held: Held, event: RunEvent): void {
    if (held !== this.current) return;
    if (event.type === 'started') held.info = event.info;
    if (event.type === 'finished' || event.type === 'failed') held.state = event.type;
    const told: HostRunEvent = event.type === 'failed' ? { type: 'failed', run: event.run, trouble: describe(event.problem) } : event;
    // Each output tells all that is written: the one before is in it.
    if (told.type === 'output') held.events.splice(0, held.events.length, ...held.events.filter(({ type }) => type !== 'output'));
    held.events.push(told);
    letGo(this.previous);
    this.previous = null;
    this.onEvent(told);
  }
}

function letGo(held: Held | null): void {
  if (!held) return;
  held.abort.abort();
  held.engine?.release(held.run);
}

/** The event with the length of the whole text, of which the engine was given only the beginning. */
function ofWhole(event: RunEvent, textLength: number): RunEvent {
  if (event.type !== 'started') return event;
  return { ...event, info: { ...event.info, window: { ...event.info.window, textLength } } };
}
