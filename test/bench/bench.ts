/**
 * Headlight's figures as ratios inside one run, beside DESIGN's goals. `npm run bench` writes them to
 * test/bench/results.md and into README.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { eightBit } from './eightBit.ts';
import { capture, extend, firstPicture, threads, viewBytes } from './figures.ts';
import { keystroke } from './keystroke.ts';
import { others } from './others.ts';
import { patching } from './patching.ts';
import { sizes } from './sizes.ts';
import { sweepOverHeads } from './sweep.ts';

const [root = '.', ...flags] = process.argv.slice(2);
const figures = [
  await capture(root),
  await extend(root),
  await keystroke(root),
  await sweepOverHeads(root),
  await patching(root),
  await threads(root),
  await eightBit(root),
  await others(root),
  await sizes(root, flags.includes('--large')),
  await viewBytes(root),
  await firstPicture(root),
].flat();

const table = [
  '| what | goal | measured |',
  '| --- | --- | --- |',
  ...figures.map(({ what, goal, measured }) => `| ${what} | ${goal} | ${measured} |`),
  '',
  `Node ${process.versions.node}, ${String(availableParallelism())} processors (${cpus()[0]?.model.trim() ?? 'unknown'}), medians of interleaved rounds.`,
].join('\n');

writeFileSync(join(root, 'test/bench/results.md'), `${table}\n`);
const readme = join(root, 'README.md');
const marked = /(<!-- bench -->\n)[\s\S]*?(<!-- \/bench -->)/;
const text = readFileSync(readme, 'utf8');
if (!marked.test(text)) throw new Error('README.md has no place for the figures');
writeFileSync(readme, text.replace(marked, (_, before: string, after: string) => `${before}${table}\n${after}`));
process.stdout.write(`${table}\n`);
process.exit(0); // the runtime's threads would keep the process
