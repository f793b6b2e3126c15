/**
 * The same random checkpoint in other engines, each in a process of its own with one thread, in turns:
 * `@huggingface/transformers` on the same wasm runtime; onnxruntime-node and PyTorch as the ceiling.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { exportGpt2 } from './exportedGpt2.ts';
import type { Task } from './contestants/serve.ts';
import { milliseconds, ratio, type Figure } from './figure.ts';
import { randomGpt2, randomIds } from './randomCheckpoint.ts';
import { interleaved } from './rounds.ts';
import { runtimeUrl } from './runtimeUrl.ts';

const LENGTHS = [64, 256];

/** Tokens that are written one at a time after the longest text. */
const DECODED = 16;

const OURS = 'Headlight';

interface Started {
  readonly name: string;
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly lines: AsyncIterator<string>;
  readonly reader: Interface;
}

export async function others(root: string): Promise<Figure[]> {
  const folder = await randomGpt2(join(root, '.cache/bench'));
  await exportGpt2(folder);
  const at = join(root, '.cache/bench/others');
  const commands: readonly { readonly name: string; readonly goal: string; readonly command: readonly string[] }[] = [
    { name: OURS, goal: '', command: [process.execPath, join(root, '.cache/bench/headlight.mjs'), folder, runtimeUrl(root)] },
    { name: '@huggingface/transformers, same runtime', goal: '≥ 1', command: [process.execPath, join(at, 'transformersJs.mjs'), folder, runtimeUrl(root), pathToFileURL(join(root, 'node_modules/onnxruntime-web/dist/ort.node.min.mjs')).href] },
    { name: 'onnxruntime-node', goal: 'the ceiling', command: [process.execPath, join(at, 'onnxruntimeNode.mjs'), folder] },
    { name: 'PyTorch eager, patterns too', goal: 'the ceiling', command: [process.env['HEADLIGHT_PYTHON'] ?? 'python3', join(root, 'test/bench/contestants/pytorch.py'), folder] },
  ];
  const started: Started[] = [];
  try {
    for (const { name, command } of commands) {
      const contestant = await start(name, command);
      if (contestant) started.push(contestant);
    }
    const rows: Figure[] = [];
    const compare = async (what: string, task: Task, rounds: number): Promise<void> => {
      const times = await interleaved(rounds, started.map((contestant) => ({ name: contestant.name, run: () => ask(contestant, task) })), 1);
      for (const { name, goal } of commands.slice(1)) {
        const measured = times.has(name) ? `${ratio(times.get(name), times.get(OURS))} × (${milliseconds(times.get(name))} ÷ ${milliseconds(times.get(OURS))})` : 'not installed here';
        rows.push({ what: `${name} ÷ Headlight taking out every pattern: ${what}`, goal, measured });
      }
    };
    for (const length of LENGTHS) await compare(`${String(length)} tokens to the last logits`, { do: 'prefill', ids: randomIds(length) }, 5);
    await compare(`${String(DECODED)} more tokens, one at a time`, { do: 'decode', tokens: DECODED }, 5);
    return rows;
  } finally {
    for (const { child, reader } of started) {
      reader.close();
      child.kill();
    }
  }
}

/** Undefined where it cannot be started: what it needs is not installed. */
async function start(name: string, [program = '', ...args]: readonly string[]): Promise<Started | undefined> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', name === OURS ? 'inherit' : 'ignore'] });
  const failed = new Promise<undefined>((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('exit', () => resolve(undefined));
  });
  const reader = createInterface({ input: child.stdout });
  const contestant = { name, child, reader, lines: reader[Symbol.asyncIterator]() };
  const ready = contestant.lines.next().then(({ value }) => (value === 'ready' ? contestant : undefined));
  const found = await Promise.race([ready, failed]);
  if (!found && name === OURS) throw new Error('Headlight’s own process did not start.');
  return found;
}

async function ask({ name, child, lines }: Started, task: Task): Promise<number> {
  child.stdin.write(`${JSON.stringify(task)}\n`);
  const answer = await lines.next();
  if (answer.done) throw new Error(`${name} ended before it answered.`);
  return Number(answer.value);
}
