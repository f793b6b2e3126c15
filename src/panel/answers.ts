/** The page's questions, passed on to the engine, and its answers with problems as sentences. */
import type { EngineClient } from '../engine/client.ts';
import { describe } from '../problems.ts';
import type { HostMessage, Outcome, PageMessage, PageOutcome } from '../protocol.ts';

type AskMessage = Extract<PageMessage, { type: 'ask' }>;
type AnswerMessage = Extract<HostMessage, { type: 'answer' }>;

export async function answerFor(engine: Pick<EngineClient, 'ask'>, message: AskMessage): Promise<AnswerMessage> {
  const { id, run } = message;
  switch (message.question) {
    case 'links':
      return { type: 'answer', id, question: 'links', outcome: inWords(await engine.ask(run, 'links', message.ask)) };
    case 'focus':
      return { type: 'answer', id, question: 'focus', outcome: inWords(await engine.ask(run, 'focus', message.ask)) };
    case 'pattern':
      return { type: 'answer', id, question: 'pattern', outcome: inWords(await engine.ask(run, 'pattern', message.ask)) };
    case 'difference':
      return { type: 'answer', id, question: 'difference', outcome: inWords(await engine.ask(run, 'difference', message.ask)) };
    case 'headChanges':
      return { type: 'answer', id, question: 'headChanges', outcome: inWords(await engine.ask(run, 'headChanges', message.ask)) };
    case 'next':
      return { type: 'answer', id, question: 'next', outcome: inWords(await engine.ask(run, 'next', message.ask)) };
    case 'states':
      return { type: 'answer', id, question: 'states', outcome: inWords(await engine.ask(run, 'states', message.ask)) };
    case 'influence':
      return { type: 'answer', id, question: 'influence', outcome: inWords(await engine.ask(run, 'influence', message.ask)) };
    case 'lens':
      return { type: 'answer', id, question: 'lens', outcome: inWords(await engine.ask(run, 'lens', message.ask)) };
    case 'attribution':
      return { type: 'answer', id, question: 'attribution', outcome: inWords(await engine.ask(run, 'attribution', message.ask)) };
    case 'attributionSources':
      return { type: 'answer', id, question: 'attributionSources', outcome: inWords(await engine.ask(run, 'attributionSources', message.ask)) };
    case 'paths':
      return { type: 'answer', id, question: 'paths', outcome: inWords(await engine.ask(run, 'paths', message.ask)) };
    case 'neurons':
      return { type: 'answer', id, question: 'neurons', outcome: inWords(await engine.ask(run, 'neurons', message.ask)) };
    case 'neighbours':
      return { type: 'answer', id, question: 'neighbours', outcome: inWords(await engine.ask(run, 'neighbours', message.ask)) };
    case 'headSteps':
      return { type: 'answer', id, question: 'headSteps', outcome: inWords(await engine.ask(run, 'headSteps', message.ask)) };
    case 'projection':
      return { type: 'answer', id, question: 'projection', outcome: inWords(await engine.ask(run, 'projection', message.ask)) };
    case 'positions':
      return { type: 'answer', id, question: 'positions', outcome: inWords(await engine.ask(run, 'positions', message.ask)) };
    case 'way':
      return { type: 'answer', id, question: 'way', outcome: inWords(await engine.ask(run, 'way', message.ask)) };
    case 'spelling':
      return { type: 'answer', id, question: 'spelling', outcome: inWords(await engine.ask(run, 'spelling', message.ask)) };
    case 'effect':
      return { type: 'answer', id, question: 'effect', outcome: inWords(await engine.ask(run, 'effect', message.ask)) };
    case 'sweep':
      return { type: 'answer', id, question: 'sweep', outcome: inWords(await engine.ask(run, 'sweep', message.ask)) };
    case 'alignment':
      return { type: 'answer', id, question: 'alignment', outcome: inWords(await engine.ask(run, 'alignment', message.ask)) };
    case 'patch':
      return { type: 'answer', id, question: 'patch', outcome: inWords(await engine.ask(run, 'patch', message.ask)) };
    case 'repeated':
      return { type: 'answer', id, question: 'repeated', outcome: inWords(await engine.ask(run, 'repeated', message.ask)) };
    case 'fidelity':
      return { type: 'answer', id, question: 'fidelity', outcome: inWords(await engine.ask(run, 'fidelity', message.ask)) };
    case 'words':
      return { type: 'answer', id, question: 'words', outcome: inWords(await engine.ask(run, 'words', message.ask)) };
    case 'surprisal':
      return { type: 'answer', id, question: 'surprisal', outcome: inWords(await engine.ask(run, 'surprisal', message.ask)) };
    case 'stages':
      return { type: 'answer', id, question: 'stages', outcome: inWords(await engine.ask(run, 'stages', message.ask)) };
    case 'capture':
      return { type: 'answer', id, question: 'capture', outcome: inWords(await engine.ask(run, 'capture', message.ask)) };
    default:
      return message satisfies never;
  }
}

function inWords<T>(outcome: Outcome<T>): PageOutcome<T> {
  return outcome.ok ? outcome : { ok: false, trouble: describe(outcome.problem) };
}
