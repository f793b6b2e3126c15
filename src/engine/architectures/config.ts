/** Checking config.json: untrusted until parsed. */
import * as v from 'valibot';
import { ProblemError } from '../problemError.ts';

/** A whole number from 1 to `most`: a bound keeps a hostile file from asking for absurd graphs. */
export const count = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));

/** Sizes by what they count, with bounds far above every model there is. */
export const size = {
  layers: count(1000),
  heads: count(1000),
  headWidth: count(10_000),
  width: count(100_000),
  inner: count(1_000_000),
  vocabulary: count(10_000_000),
  positions: count(10_000_000),
};

/** @throws ProblemError `model.badConfig` naming the first field that is wrong, and the file if it is not config.json */
export function parseConfig<Schema extends v.GenericSchema>(schema: Schema, raw: unknown, file?: string): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, raw);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  throw new ProblemError('model.badConfig', { detail: [file, path, issue.message].filter(Boolean).join(': ') });
}

/** `config[total] ÷ config[parts]`. @throws ProblemError `model.badConfig` unless that is whole */
export function quotient<Field extends string>(config: Readonly<Record<Field, number>>, total: Field, parts: Field): number {
  if (config[total] % config[parts] === 0) return config[total] / config[parts];
  throw new ProblemError('model.badConfig', { detail: `${total} ${String(config[total])} is not a multiple of ${parts} ${String(config[parts])}` });
}
