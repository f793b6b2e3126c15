import { describe, expect, it } from 'vitest';
import { PageChannel } from '../../../src/panel/pageChannel.ts';
import { describe as describeProblem } from '../../../src/problems.ts';
import type { HostMessage, Outcome, PageMessage } from '../../../src/protocol.ts';

const subject: HostMessage = { type: 'subject', subject: { text: 'a', model: 'm', windowStart: 0 } };
const question = (id: number): Extract<PageMessage, { type: 'ask' }> => ({ type: 'ask', id, run: 1, question: 'next', ask: { position: id, top: 1 } });

/** An engine that answers when it is told to, what it was asked being of no matter. */
class AskedEngine {
  private readonly waiting: ((outcome: Outcome<never>) => void)[] = [];

  ask(): Promise<Outcome<never>> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  refuseAll(): void {
    for (const resolve of this.waiting.splice(0)) resolve({ ok: false, problem: { code: 'run.gone', facts: {} } });
  }
}

function opened(): { channel: PageChannel; engine: AskedEngine; sent: HostMessage[] } {
  const sent: HostMessage[] = [];
  return { channel: new PageChannel((message) => sent.push(message)), engine: new AskedEngine(), sent };
}

describe('the line to a page', () => {
  it('is silent until the page listens, and tells it first what it must know', () => {
    const { channel, sent } = opened();
    channel.post({ type: 'caret', token: 1 });
    channel.begin([subject]);
    channel.post({ type: 'caret', token: 2 });
    channel.end();
    channel.post({ type: 'caret', token: 3 });
    expect(sent).toEqual([subject, { type: 'caret', token: 2 }]);
  });

  it('answers by id, and says in words why there is nothing to show', async () => {
    const { channel, engine, sent } = opened();
    channel.begin([]);
    const answered = Promise.all([channel.answer(engine, question(7)), channel.answer(engine, question(8))]);
    engine.refuseAll();
    await answered;
    const trouble = describeProblem({ code: 'run.gone', facts: {} });
    expect(sent).toEqual([7, 8].map((id) => ({ type: 'answer', id, question: 'next', outcome: { ok: false, trouble } })));
  });

  it('keeps back an answer that is no longer wanted', async () => {
    const { channel, engine, sent } = opened();
    channel.begin([]);
    const answered = channel.answer(engine, question(1));
    channel.drop(1);
    engine.refuseAll();
    await answered;
    expect(sent).toEqual([]);
  });

  it('keeps back answers to a page that was loaded anew meanwhile, whose ids begin again', async () => {
    const { channel, engine, sent } = opened();
    channel.begin([]);
    const answered = channel.answer(engine, question(1));
    channel.begin([]);
    const again = channel.answer(engine, question(1));
    engine.refuseAll();
    await Promise.all([answered, again]);
    expect(sent).toHaveLength(1);
  });
});
