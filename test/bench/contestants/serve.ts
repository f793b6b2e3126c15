/** An engine that is compared, in a process of its own: it gets tasks as lines of JSON and answers with milliseconds. */
import { createInterface } from 'node:readline';

/** `prefill`: from ids to the logits after the last. `decode`: so many tokens more, one at a time, after what was last run. */
export type Task = { readonly do: 'prefill'; readonly ids: readonly number[] } | { readonly do: 'decode'; readonly tokens: number };

/** Each tells the milliseconds it took. */
export interface Contestant {
  prefill(ids: readonly number[]): Promise<number>;
  decode(tokens: number): Promise<number>;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Serves until standard input ends. */
export async function serve(contestant: Contestant): Promise<void> {
  process.stdout.write('ready\n');
  for await (const line of createInterface({ input: process.stdin })) {
    const task = JSON.parse(line) as Task;
    const milliseconds = task.do === 'prefill' ? await contestant.prefill(task.ids) : await contestant.decode(task.tokens);
    process.stdout.write(`${String(milliseconds)}\n`);
  }
  process.exit(0); // the runtime's threads would keep the process
}
