import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { ProblemError } from '../engine/problemError.ts';
import { misfitOf } from '../probeFiles/misfit.ts';
import { LARGEST_PROBE, parseProbe } from '../probeFiles/parseProbe.ts';
import { differencesOf, resultAsk, resultOf } from '../probeFiles/probeResult.ts';
import type { Probe, ProbeDifference, ProbeResult, TokenResult } from '../protocol.ts';
import { bar, print, printJson, share, table, visible } from './print.ts';
import { embeddedModels, valueOf, withEngine } from './session.ts';

export interface ProbeOptions {
  /** A folder that stands in for the model that the probe names. */
  readonly modelFolder?: string;
  readonly threads: number;
  readonly json?: boolean;
}

/** Runs a probe again, and tells what differs from when it was saved; the exit code is then 1. */
export async function probe(file: string, { modelFolder, threads, json }: ProbeOptions): Promise<void> {
  const saved = valueOf(parseProbe(await readStart(file)));
  const { name, precision } = saved.model;
  // What a file says is never a path.
  const known = embeddedModels().map((model) => model.name);
  if (modelFolder === undefined && !known.includes(name)) throw new ProblemError('model.unknownName', { name: visible(name), known: known.join(', ') });
  await withEngine(
    { model: modelFolder ?? name, text: saved.text, windowStart: saved.windowStart ?? 0, threads, precision, ...(saved.language === undefined ? {} : { target: saved.language }) },
    async ({ info, ask, fingerprint }) => {
      const asked = resultAsk(saved);
      const now = asked && resultOf(await ask('effect', asked));
      const differences = differencesOf(saved, { info: info.model, fingerprint: await fingerprint() }, now);
      if (json) printJson({ file, model: { name: info.model.name, fingerprint: await fingerprint() }, result: now, saved: saved.result, differences });
      else tell(basename(file), saved, now, differences);
      if (differences.length) process.exitCode = 1;
    },
    {
      fetch: 'predictions',
      accept: (model) => {
        const misfit = misfitOf(saved, model);
        if (misfit) throw new ProblemError(misfit.code, misfit.facts);
      },
    },
  );
}

/** The file as far as a probe could be long: more is refused for its length. */
async function readStart(file: string): Promise<string> {
  const handle = await open(file).catch((cause: unknown) => {
    throw new ProblemError('probe.missing', { file }, { cause });
  });
  try {
    const most = LARGEST_PROBE * 4;
    const bytes = new Uint8Array(Math.min((await handle.stat()).size, most));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, bytesRead));
  } catch (cause) {
    if (cause instanceof TypeError) throw new ProblemError('text.binary', { file }, { cause });
    throw cause;
  } finally {
    await handle.close();
  }
}

function tell(file: string, { model, experiments }: Probe, now: ProbeResult | null, differences: readonly ProbeDifference[]): void {
  const on = experiments.filter((experiment) => experiment.on).length;
  print(`${file}: ${model.name}, ${String(on)} of ${String(experiments.length)} experiments on`);
  if (now) {
    const row = (name: string, { text, before, after }: TokenResult): string[] => [name, `"${visible(text)}"`, before.toFixed(4), after.toFixed(4), share(Math.exp(before)), share(Math.exp(after))];
    table([['', '', 'before', 'after', '', ''], row('token', now.target), ...(now.rival ? [row('rival', now.rival)] : [])], [2, 3, 4, 5]);
    print(`Divergence ${now.divergence.toFixed(4)} bits. Likeliest with the experiments:`);
    table(now.after.map(({ text, logProbability }) => [share(Math.exp(logProbability)), visible(text), bar(Math.exp(logProbability), 20)]), [0]);
  } else print('This model predicts nothing.');
  if (!differences.length) return print('\nNothing differs from when it was saved.');
  print('\nNot as it was saved:');
  table([['', 'saved', 'now'], ...differences.map((difference) => [nameOf(difference), valueText(difference.saved), valueText(difference.now)])], []);
}

function nameOf(difference: ProbeDifference): string {
  switch (difference.what) {
    case 'fingerprint':
    case 'kind':
    case 'precision':
      return `${difference.what} of the model`;
    case 'token':
      return difference.of === 'target' ? 'token asked about' : 'rival';
    case 'likeliest':
      return `likeliest token ${difference.when}`;
    case 'logProbability':
      return `log-probability of "${visible(difference.token)}" ${difference.when}`;
    case 'divergence':
      return 'divergence, bits';
  }
}

const valueText = (value: string | number): string => (typeof value === 'number' ? value.toFixed(4) : /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : visible(value));
