/** Checking config.json: untrusted until parsed. */
import * as v from 'valibot';
import { ProblemError } from '../problemError.ts';

/** A whole number from 1 to `most`: a bound keeps a hostile file from asking for absurd graphs. */
export const count = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));

/** @throws ProblemError `model.badConfig` naming the first field that is wrong */
export function parseConfig<Schema extends v.GenericSchema>(schema: Schema, raw: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, raw);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  throw new ProblemError('model.badConfig', { detail: path ? `${path}: ${issue.message}` : issue.message });
}
