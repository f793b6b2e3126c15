/** A host for the page under test: the real engine and storyteller behind the panel's own message classes. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EngineClient } from '../../src/engine/client.ts';
import { spawnNodeWorker } from '../../src/engine/spawn.node.ts';
import { CurrentRun } from '../../src/panel/currentRun.ts';
import { PageChannel } from '../../src/panel/pageChannel.ts';
import type { HostMessage, PageMessage, Subject, ViewState } from '../../src/protocol.ts';
import type { HostedPage } from '../support/pageServer.ts';

const root = new URL('../../', import.meta.url);
const models = ['storyteller'];

/** The engine as it ships, in a worker thread. */
export function startEngine(): EngineClient {
  const worker = fileURLToPath(new URL('dist/worker.node.mjs', root));
  if (!existsSync(worker)) throw new Error('dist/worker.node.mjs is missing: run npm run build first.');
  return new EngineClient(() => spawnNodeWorker(worker), { runtime: new URL('dist/runtime/', root).href, threads: 0 });
}

export interface HostOptions {
  readonly strings?: Readonly<Record<string, string>>;
  readonly locale?: string;
  readonly view?: ViewState;
}

/** Answers one page as a panel does. */
export class EngineHost {
  private readonly run: CurrentRun;
  private readonly channel: PageChannel;
  private readonly sending = new Set<Promise<void>>();

  constructor(
    private readonly engine: EngineClient,
    private readonly hosted: HostedPage,
    options: HostOptions = {},
  ) {
    this.channel = new PageChannel((message) => this.post(message));
    this.run = new CurrentRun((event) => this.channel.post({ type: 'run', event }));
    const { strings = {}, locale = 'en', view = null } = options;
    const begin = (): void => this.channel.begin([{ type: 'hello', strings, locale, models, view }]);
    hosted.onMessage = (message) => {
      if (message.type === 'ready') begin();
      else this.receive(message);
    };
    if (hosted.messages.some(({ type }) => type === 'ready')) begin();
  }

  /** Shows `text`; resolves when the run has ended and the page shows it. */
  async show(text: string, windowStart = 0): Promise<void> {
    const subject: Subject = { text, model: 'storyteller', windowStart, source: { uri: 'file:///story.txt', label: 'story.txt', languageId: 'plaintext', start: 0 } };
    this.channel.post({ type: 'subject', subject });
    this.run.begin(this.engine, { model: { name: 'storyteller', location: fileURLToPath(new URL('models/storyteller', root)) }, text, windowStart });
    await this.hosted.page.locator('.status', { hasText: / ms, / }).waitFor();
  }

  post(message: HostMessage): void {
    const sent = this.hosted.send(message).finally(() => this.sending.delete(sent));
    this.sending.add(sent);
  }

  async close(): Promise<void> {
    this.run.dispose();
    this.channel.end();
    await Promise.allSettled(this.sending);
    await this.hosted.close();
  }

  private receive(message: PageMessage): void {
    if (message.type === 'ask') void this.channel.answer(this.engine, message);
    else if (message.type === 'drop') this.channel.drop(message.id);
  }
}
