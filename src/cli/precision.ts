import type { FidelityAnswer } from '../protocol.ts';
import type { Session } from './session.ts';

/** What 8-bit weights cost, measured on the text that was run: on standard error, so that the result stays as it is. */
export async function tellCost({ info, ask }: Session): Promise<void> {
  if (info.model.precision === '8-bit') process.stderr.write(`${costLine(await ask('fidelity', {}))}\n`);
}

/** `8-bit: top-1 agrees 99 % of 512 positions (KL 0.002 bits), largest pattern error 0.01` */
export function costLine({ positions, top1, patternError, klMean }: FidelityAnswer): string {
  const parts = [
    ...(top1 === null || klMean === null ? [] : [`top-1 agrees ${percent(top1)} of ${String(positions)} positions (KL ${klMean.toPrecision(2)} bits)`]),
    ...(patternError === null ? [] : [`largest pattern error ${patternError.toPrecision(2)}`]),
  ];
  return `8-bit: ${parts.join(', ')}`;
}

/** Rounded down: 100 % is said of all only. */
const percent = (share: number): string => `${String(Math.floor(share * 1000) / 10)} %`;
