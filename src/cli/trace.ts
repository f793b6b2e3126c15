import { open } from 'node:fs/promises';
import { traceFile } from '../traceFile.ts';
import { print } from './print.ts';
import type { Session } from './session.ts';

/** Writes every hook point as float32, stage by stage, so that no more than one stage is in memory. */
export async function trace(session: Session, { out }: { readonly out: string }): Promise<void> {
  const { info, output } = session;
  const { hooks, pieces } = await traceFile(session);
  const file = await open(out, 'w');
  try {
    for await (const piece of pieces()) await file.write(piece);
  } finally {
    await file.close();
  }
  print(`${String(hooks)} hook points of ${info.model.name} on ${String(info.tokens.length)} tokens${output ? ` and ${String(output.length)} of output` : ''} → ${out}`);
}
