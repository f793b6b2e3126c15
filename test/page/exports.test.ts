/** Exports of every picture and of the bars: what the page hands to the host to write. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { PageMessage, PictureName } from '../../src/protocol.ts';
import { initialView } from '../../webview/viewState.ts';
import { pageBench, type Opened } from './pageBench.ts';
import { short, story } from './texts.ts';

const bench = pageBench();
const results = fileURLToPath(new URL('../../test-results/page/', import.meta.url));

type Exported = Extract<PageMessage, { type: 'export' }>;
const isExport = (message: PageMessage): message is Exported => message.type === 'export';
const isCopy = (message: PageMessage): message is Extract<PageMessage, { type: 'copy' }> => message.type === 'copy';

/** Chooses an entry of the menu of a part of the page. */
async function choose({ hosted: { page } }: Opened, part: string, entry: string): Promise<void> {
  await page.locator(`${part} .export-menu vscode-button`).click();
  await page.getByRole('menuitem', { name: entry }).click();
}

async function exported(opened: Opened, part: string, entry: string): Promise<Exported> {
  const before = opened.hosted.messages.filter(isExport).length;
  await choose(opened, part, entry);
  return expect.poll(() => opened.hosted.messages.filter(isExport)[before]).toBeDefined().then(() => {
    const message = opened.hosted.messages.filter(isExport)[before];
    if (!message) throw new Error('nothing was exported');
    return message;
  });
}

const textOf = (message: Exported): string => ('content' in message && typeof message.content === 'string' ? message.content : '');

interface Json {
  readonly picture: string;
  readonly text: string;
  readonly tables: readonly { readonly rows: readonly (readonly unknown[])[] }[];
}

/** Numbers that no rounding has made whole. */
const fractionsOf = ({ tables }: Json): unknown[] => tables.flatMap(({ rows }) => rows.flat()).filter((cell) => typeof cell === 'number' && !Number.isInteger(cell));

const pictures: readonly (readonly [PictureName, string])[] = [
  ['graph', 'storyteller'],
  ['map', 'storyteller'],
  ['head', 'storyteller'],
  ['embeddings', 'storyteller'],
  ['positions', 'storyteller'],
  ['neurons', 'storyteller'],
  ['way', 'storyteller'],
  ['lens', 'storyteller'],
  ['sources', 'storyteller'],
  ['paths', 'storyteller'],
  ['sweep', 'storyteller'],
  ['influence', 'storyteller'],
  ['states', 'recaller'],
  ['graph', 'translator'],
];

describe('a picture', () => {
  it.each(pictures)('%s of %s is exported as SVG with its text as text, and its numbers in full', async (picture, model) => {
    const opened = await bench.open({ text: short, model, view: { ...initialView, picture, layer: 1 } });
    const { page } = opened.hosted;
    await page.locator('.picture .picture-caption').waitFor();
    if (picture === 'sweep') await page.getByRole('button', { name: 'Start' }).click();
    await expect.poll(async () => fractionsOf(JSON.parse(textOf(await exported(opened, '.picture', 'Numbers as JSON…'))) as Json).length, { timeout: 20_000, interval: 500 }).toBeGreaterThan(0);
    const svg = textOf(await exported(opened, '.picture', 'Picture as SVG…'));
    mkdirSync(results, { recursive: true });
    writeFileSync(join(results, `export-${picture}-${model}.svg`), svg);
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect(svg).toContain(`${model} (`);
    expect(svg).toContain('Nothing is switched off.');
    expect(svg.match(/<text /g)?.length ?? 0).toBeGreaterThan(4);
    const csv = textOf(await exported(opened, '.picture', 'Numbers as CSV…'));
    expect(csv).toContain(`# ${model} (`);
    const json = JSON.parse(textOf(await exported(opened, '.picture', 'Numbers as JSON…'))) as Json;
    expect([json.picture, json.text]).toEqual([picture, short]);
    expect(fractionsOf(json).length, 'numbers as they are').toBeGreaterThan(0);
  });

  it('is exported as PNG at twice its size, is copied as a table, and can be kept as a probe', async () => {
    const opened = await bench.open({ text: short, view: { ...initialView, picture: 'map', layer: 2, heads: [3], sink: 'remove', experiments: [{ name: 'no head 2.3', on: true, intervention: { kind: 'head', part: 'decoder', layer: 2, head: 3, by: 'zero' } }] } });
    const png = await exported(opened, '.picture', 'Picture as PNG…');
    const bytes = 'content' in png && typeof png.content !== 'string' ? Buffer.from(Object.values(png.content)) : Buffer.alloc(0);
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    const svg = textOf(await exported(opened, '.picture', 'Picture as SVG…'));
    expect(bytes.readUInt32BE(16)).toBe(Math.round(2 * Number(/width="([\d.]+)"/.exec(svg)?.[1])));
    for (const words of ['layer 2, head 3', 'The first token is left out', 'Shown without the experiments: no head 2.3.']) expect(svg.replace(/<\/text>\n<text [^>]*>/g, ' ')).toContain(words);
    await choose(opened, '.picture', 'Copy as Markdown Table');
    await expect.poll(() => opened.hosted.messages.find(isCopy)?.text).toMatch(/^\| .+ \|\n\| ---/);
    await choose(opened, '.picture', 'Whole Trace as Safetensors…');
    await choose(opened, '.picture', 'Save as Probe…');
    await expect.poll(() => opened.hosted.messages.slice(-2)).toEqual([{ type: 'export', name: 'storyteller', format: 'safetensors' }, { type: 'probe', action: 'save' }]);
    const looked = opened.hosted.messages.findLast((message) => message.type === 'looked');
    expect(looked).toMatchObject({ version: 0, position: 4, differs: ['picture', 'layer', 'heads', 'sink', 'experiments'] });
  });
});

describe('the bars', () => {
  it('are exported with the position they are about', async () => {
    const opened = await bench.open({ text: short });
    const svg = textOf(await exported(opened, '.answer', 'Picture as SVG…'));
    writeFileSync(join(results, 'export-bars.svg'), svg);
    expect(svg).toContain('After the last token');
    expect(svg.match(/<rect /g)?.length).toBeGreaterThan(9);
    const { tables } = JSON.parse(textOf(await exported(opened, '.answer', 'Numbers as JSON…'))) as { tables: { columns: string[]; rows: (string | number)[][] }[] };
    const [table] = tables;
    const share = table?.columns.indexOf('Probability') ?? -1;
    const sum = table?.rows.reduce((total, row) => total + Number(row[share]), 0) ?? 0;
    expect(sum).toBeGreaterThan(0.05);
    expect(sum).toBeLessThan(1);
  });
});

describe('all heads', () => {
  it('are exported as they are sorted and filtered: maps with their names, and a table with every score', async () => {
    const opened = await bench.open({ text: story, width: 700, view: { ...initialView, layer: 2, heads: [3], gridSort: 'previous', experiments: [{ name: null, on: true, intervention: { kind: 'head', part: 'decoder', layer: 1, head: 2, by: 'zero' } }] } });
    await opened.hosted.page.getByLabel('Filter heads by their scores').fill('previous > 0.1');
    await opened.hosted.page.locator('.head-filter-said', { hasText: 'of 48 heads' }).waitFor();
    const svg = textOf(await exported(opened, '.navigator', 'Picture as SVG…'));
    writeFileSync(join(results, 'export-heads.svg'), svg);
    const said = svg.replace(/<\/text>\n<text [^>]*>/g, ' ');
    for (const words of ['storyteller (', 'Shown without the experiments: layer 1, head 2.', 'the largest share on the previous token first', 'The filter “previous &gt; 0.1” leaves', 'each row sums to 1', 'Maps are reduced', 'Outlined: layer 2, head 3.']) expect(said).toContain(words);
    // A map for each of 6 × 8 heads, and the scale.
    expect(svg.match(/<image /g)).toHaveLength(49);
    expect(svg).toMatch(/>2\.3 · \d/);
    const json = JSON.parse(textOf(await exported(opened, '.navigator', 'Numbers as JSON…'))) as { picture: string; sort: string; filter: string; tables: { columns: string[]; rows: (number | string | null)[][] }[] };
    expect([json.picture, json.sort, json.filter]).toEqual(['heads', 'previous', 'previous > 0.1']);
    const [table] = json.tables;
    expect(table?.columns).toEqual(['Layer', 'Head', 'Entropy', 'First token', 'Previous', 'Itself', 'Same token', 'Induction', 'Punctuation', 'Distance', 'Does most']);
    const previous = table?.rows.map((row) => Number(row[4])) ?? [];
    expect(previous.length).toBeGreaterThan(0);
    expect(previous.length).toBeLessThan(48);
    expect(previous.every((share) => share > 0.1)).toBe(true);
    expect(previous).toEqual(previous.toSorted((a, b) => b - a));
    const csv = textOf(await exported(opened, '.navigator', 'Numbers as CSV…'));
    expect(csv.trim().split('\r\n').filter((line) => /^\d/.test(line))).toHaveLength(previous.length);
  });
});

describe('the text', () => {
  it('is exported as it stands, every token where the page has it, with its surprisal', async () => {
    const text = 'The river 河边 😀 עולם.\nThe end, the very end of the river.';
    const opened = await bench.open({ text, width: 420, view: { ...initialView, surprisal: true, pinned: { sequence: 'text', token: 1 } } });
    const { page } = opened.hosted;
    await page.locator('.surprisal-legend', { hasText: /Mean/ }).waitFor();
    const svg = textOf(await exported(opened, '.text', 'Picture as SVG…'));
    writeFileSync(join(results, 'export-text.svg'), svg);
    const drawn = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)<\/text>/g)].map(([, x, y, words = '']) => ({ x: Number(x), y: Number(y), words }));
    // The two lines that begin with it are as far apart as on the page.
    const [first, second] = drawn.filter(({ words }) => words === 'The');
    const [above, below] = await Promise.all([0, 1].map((at) => page.locator('.strip .chip', { hasText: /^The$/ }).nth(at).boundingBox()));
    expect((second?.y ?? NaN) - (first?.y ?? NaN)).toBeCloseTo((below?.y ?? NaN) - (above?.y ?? NaN), 0);
    expect((second?.x ?? NaN) - (first?.x ?? NaN)).toBeCloseTo((below?.x ?? NaN) - (above?.x ?? NaN), 0);
    expect(new Set(drawn.map(({ y }) => y)).size).toBeGreaterThan(2);
    expect(svg.replace(/<\/text>\n<text [^>]*>/g, ' ')).toContain('Outlined: “␣river” (1), which is pinned.');
    const { tables: [table] } = JSON.parse(textOf(await exported(opened, '.text', 'Numbers as JSON…'))) as { tables: { columns: string[]; rows: (number | string | null)[][] }[] };
    expect(table?.columns.slice(0, 5)).toEqual(['Token', 'Text', 'Id', 'Surprisal, bits', 'Rank']);
    expect(table?.rows.map((row) => row[0])).toEqual(table?.rows.map((_, index) => index));
    expect(table?.rows[0]?.slice(3, 5)).toEqual([null, null]);
    const bits = table?.rows.slice(1).map((row) => Number(row[3])) ?? [];
    expect(bits.every((value) => value > 0)).toBe(true);
    const mean = bits.reduce((sum, value) => sum + value, 0) / bits.length;
    expect(await page.locator('.surprisal-legend').innerText()).toContain(`Mean ${mean.toFixed(2)} bits`);
  });

  it('of a translation has both texts', async () => {
    const opened = await bench.open({ text: 'The report is new.', model: 'translator' });
    const svg = textOf(await exported(opened, '.text', 'Picture as SVG…'));
    expect(svg).toContain('>Text</text>');
    expect(svg).toContain('>Output</text>');
    const { tables } = JSON.parse(textOf(await exported(opened, '.text', 'Numbers as JSON…'))) as Json;
    expect(tables.map(({ rows }) => rows.length > 2)).toEqual([true, true]);
  });
});

describe('the page of a probe', () => {
  const shown = { version: 3, file: 'a.probe.json', trouble: null, differences: null } as const;

  it('looks as the file says, pins the position it names, and says so with its version', async () => {
    const opened = await bench.open();
    opened.host.post({ type: 'probe', shown, look: { picture: 'map', layer: 3, target: null, rival: null, experiments: [], position: 2 } });
    await opened.host.show(short);
    await expect.poll(() => opened.hosted.messages.findLast((message) => message.type === 'looked')).toMatchObject({ version: 3, position: 2, view: { picture: 'map', layer: 3, pinned: { sequence: 'text', token: 2 } } });
    opened.host.post({ type: 'probe', shown: { ...shown, version: 4 }, look: { layer: 1, target: null, rival: null, experiments: [], position: null } });
    await expect.poll(() => opened.hosted.messages.findLast((message) => message.type === 'looked')).toMatchObject({ version: 4, position: 4, view: { picture: 'graph', layer: 1, pinned: null } });
  });

  it('says what differs, and takes it over when asked', async () => {
    const opened = await bench.open({ text: short });
    const { page } = opened.hosted;
    opened.host.post({ type: 'probe', shown: { ...shown, differences: [{ what: 'fingerprint', saved: 'a'.repeat(64), now: 'b'.repeat(64) }, { what: 'logProbability', of: 'target', when: 'after', token: ' book', saved: -1.25, now: -2.5 }] }, look: null });
    const banner = page.locator('.probe-banner');
    await banner.getByText('The model is not the one that a.probe.json was saved with.').waitFor();
    expect(await banner.locator('tbody tr').allInnerTexts()).toEqual(['Fingerprint of the model\taaaaaaaaaaaa\tbbbbbbbbbbbb', 'Log-probability of “␣book” with the experiments\t-1.2500\t-2.5000']);
    await page.screenshot({ path: join(results, 'probe-differs.png') });
    await banner.getByText('Replace by What It Gives Now').click();
    await expect.poll(() => opened.hosted.messages.at(-1)).toEqual({ type: 'probe', action: 'accept' });
    opened.host.post({ type: 'probe', shown: { ...shown, trouble: { code: 'probe.notJson', message: 'This probe is not valid JSON.', help: 'Mend it.' } }, look: null });
    await banner.getByText('what is done here is not written to it').waitFor();
    await banner.getByText('Open as Text').click();
    await expect.poll(() => opened.hosted.messages.at(-1)).toEqual({ type: 'probe', action: 'text' });
    opened.host.post({ type: 'probe', shown: { ...shown, differences: [] }, look: null });
    await expect.poll(() => banner.count()).toBe(0);
  });
});
