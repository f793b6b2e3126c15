/** Encoders and encoder–decoders in the page: the embedded reader and translator behind it. */
import { describe, expect, it } from 'vitest';
import type { ModelInfo, PageMessage, Token, ViewState } from '../../src/protocol.ts';
import { initialView } from '../../webview/viewState.ts';
import { keepScreenshot, pageBench, type Opened } from './pageBench.ts';
import { mixed } from './texts.ts';

const bench = pageBench();
const sentence = 'The committee will meet again on Monday.';
const gap = 'The little girl went to the [MASK] with her dog.';

type Highlighted = Extract<PageMessage, { type: 'highlight' }>;

/** The page with a run of `model` on `text`. */
async function openWith(model: string, text: string, more: { readonly view?: Partial<ViewState>; readonly locale?: string; readonly width?: number } = {}): Promise<Opened> {
  const { view, ...options } = more;
  const opened = await bench.open({ ...options, ...(view ? { view: { ...initialView, ...view } } : {}) });
  await opened.host.show(text, 0, model);
  return opened;
}

const output = ({ hosted }: Opened, token: number): ReturnType<typeof hosted.page.locator> => hosted.page.locator(`[data-sequence="output"] [data-token="${token}"]`);
const sentenceOf = async ({ hosted }: Opened, words: RegExp): Promise<void> => hosted.page.getByRole('img', { name: words }).waitFor();

describe('an encoder', () => {
  it('is asked about the first mask, and about any token as if it were masked', async () => {
    const opened = await openWith('reader', gap);
    const { page } = opened.hosted;
    await page.locator('.answer-position', { hasText: /^In place of the mask “\[MASK\]” \(7\)$/ }).waitFor();
    expect(await page.locator('.bar.follows').count()).toBe(0);
    const girl = page.locator('[data-sequence="text"] .chip', { hasText: 'girl' });
    await girl.hover();
    await page.locator('.answer-position', { hasText: /^In place of “girl” \(3\) when it is masked$/ }).waitFor();
    expect(await page.locator('.bar.follows').innerText()).toMatch(/girl\s*stands there/);
    await keepScreenshot(opened.hosted, 'reader');
  });

  it('says how to write a mask where there is none', async () => {
    const { hosted } = await openWith('reader', 'The dog ran.');
    await hosted.page.locator('.answer-body', { hasText: 'Write [MASK] in the text' }).waitFor();
  });

  it('reads as the text does, with the spaces that are in no token', async () => {
    const { hosted } = await openWith('reader', 'The cat sat.\nIt purred.');
    const text = await hosted.page.locator('.strip').innerText();
    expect(text.replaceAll('·', ' ')).toBe('[CLS]The cat sat.↵\nIt purred.[SEP]');
  });

  it('looks both ways, in graph, map and thumbnails', async () => {
    // Layer 0 has heads for the token before and the token after; the later ones look at the ends of the text.
    const opened = await openWith('reader', gap, { view: { layer: 0, sink: 'show', percent: 100 } });
    const { hosted } = opened;
    await hosted.page.locator('.picture-caption', { hasText: 'Links go both ways' }).waitFor();
    await opened.token(3).hover();
    const { highlight } = await hosted.waitFor((message): message is Highlighted => message.type === 'highlight' && message.highlight?.token === 3 && message.highlight.partners.length > 1);
    const partners = highlight?.partners.map(({ token }) => token) ?? [];
    expect(partners.some((token) => token < 3) && partners.some((token) => token > 3)).toBe(true);
    await hosted.page.getByRole('tab', { name: 'Map' }).click();
    await hosted.page.locator('.canvas-box').hover({ position: { x: 200, y: 140 } });
    await sentenceOf(opened, /→ .+: [\d.<]+ %/);
  });
});

it('a model that predicts nothing says so, and offers one that does', async () => {
  const { hosted, host } = await bench.open();
  const tokens: Token[] = [{ id: 1, text: 'a', bytes: [97], start: 0, end: 1, origin: 'text', partial: false, word: 0 }];
  const attention = { part: 'encoder', layers: 1, heads: 1, keyHeads: 1, queries: 'text', keys: 'text', causal: false } as const;
  const model: ModelInfo = {
    name: 'bare', kind: 'encoder', door: 'weights', type: 'bert', attentions: [attention], predicts: 'nothing', mask: null, targets: [], layers: 1, heads: 1, keyHeads: 1,
    width: 4, headWidth: 4, vocabulary: 9, positions: 8, parameters: 100, weights: 'F32', precision: 'float32', memory: { weights: 400, peak: 800 }, threads: 1,
  };
  host.post({ type: 'subject', subject: { text: 'a', model: 'bare', windowStart: 0 } });
  host.post({ type: 'run', event: { type: 'started', run: 1, info: { run: 1, model, tokens, window: { start: 0, end: 1, total: 1, textLength: 1, textRead: 1 }, target: null } } });
  await hosted.page.locator('.answer', { hasText: 'bare predicts no tokens' }).waitFor();
  await hosted.page.getByRole('button', { name: 'Show with storyteller' }).click();
  await hosted.waitFor((message): message is Extract<PageMessage, { type: 'model' }> => message.type === 'model' && message.name === 'storyteller');
});

describe('an encoder–decoder', () => {
  it('shows what it has written, whose end is the end token, and what each of its tokens looks at in the text', async () => {
    const opened = await openWith('translator', sentence);
    const { hosted } = opened;
    const tokens = hosted.page.locator('[data-sequence="output"] [data-token]');
    expect(await tokens.first().innerText()).toBe('<pad>');
    expect(await tokens.last().innerText()).toBe('</s>');
    expect(await hosted.page.locator('[data-sequence="output"]').getAttribute('aria-busy')).toBe('false');
    await sentenceOf(opened, /cross-attention, layer 1, heads 0–7: \d+ units of the output, \d+ of the text/);
    await output(opened, 1).hover();
    await sentenceOf(opened, /cross-attention.*“.+” attends most to/);
    await hosted.page.locator('[data-sequence="text"] .shaded').first().waitFor();
    expect(await hosted.page.locator('[data-sequence="output"] .shaded').count()).toBe(0);
    await hosted.page.locator('.answer-position', { hasText: /^In the output after “.+” \(1\)$/ }).waitFor();
    expect(await hosted.page.locator('.bar.follows .bar-rank').innerText()).toBe('1');
    // In the editor only the text's tokens can be lit up.
    await hosted.waitFor((message): message is Highlighted => message.type === 'highlight' && message.highlight?.token === null && message.highlight.partners.length > 0);
    await keepScreenshot(hosted, 'translator');
  });

  it('shows which tokens of the output look at one of the text', async () => {
    const opened = await openWith('translator', sentence);
    await opened.hosted.page.locator('[data-sequence="text"] [data-token="2"]').hover();
    await sentenceOf(opened, /is attended to most by/);
    await opened.hosted.page.locator('[data-sequence="output"] .shaded').first().waitFor();
  });

  it('has three attentions to choose from, by click and by key', async () => {
    const opened = await openWith('translator', sentence, { view: { part: 'cross', layer: 2, heads: [3] } });
    const { page } = opened.hosted;
    await page.getByRole('radio', { name: 'Encoder' }).click();
    await sentenceOf(opened, /graph of encoder, layer 2, head 3/);
    await page.keyboard.press('2');
    await sentenceOf(opened, /graph of decoder, layer 2, head 3/);
    await page.keyboard.press('3');
    await sentenceOf(opened, /graph of cross-attention, layer 2, head 3/);
    expect(await page.getByRole('radio', { name: 'Attends to' }).count()).toBe(0);
    await page.keyboard.press('1');
    await page.getByRole('radio', { name: 'Attends to' }).waitFor();
    expect(await page.locator('.head-button').count()).toBe(24);
  });

  it('writes the language that is chosen, with nothing put into the text', async () => {
    const opened = await openWith('translator', sentence);
    const { hosted } = opened;
    const first = hosted.page.locator('[data-sequence="text"] [data-token="0"]');
    expect(await first.innerText()).toBe('>>fra<<');
    const before = await hosted.page.locator('[data-sequence="output"]').innerText();
    await hosted.page.locator('.target vscode-dropdown').click();
    await hosted.page.locator('.target vscode-option', { hasText: 'Chinese' }).click();
    await hosted.waitFor((message): message is Extract<PageMessage, { type: 'target' }> => message.type === 'target' && message.target === '>>cmn_Hans<<');
    await hosted.page.locator('[data-sequence="text"] [data-token="0"]', { hasText: '>>cmn_Hans<<' }).waitFor();
    await hosted.page.locator('[data-sequence="output"][aria-busy="false"]').waitFor();
    expect(await hosted.page.locator('[data-sequence="output"]').innerText()).not.toBe(before);
    expect(await hosted.keptState()).toMatchObject({ subject: { text: sentence, target: '>>cmn_Hans<<' } });
  });

  it('writes Chinese where that is the display language', async () => {
    const opened = await openWith('translator', 'Hello', { locale: 'zh-cn' });
    expect(await opened.hosted.page.locator('[data-sequence="text"] [data-token="0"]').innerText()).toBe('>>cmn_Hans<<');
  });

  it('takes text of all kinds', async () => {
    const opened = await openWith('translator', mixed, { width: 700 });
    await sentenceOf(opened, /units of the output/);
    const read = await opened.hosted.page.locator('[data-sequence="text"]').evaluate((strip) => strip.textContent);
    expect(read).toContain('小猫');
    await keepScreenshot(opened.hosted, 'translator-mixed');
  });

  it('is a table as well', async () => {
    const opened = await openWith('translator', sentence);
    const { page } = opened.hosted;
    await sentenceOf(opened, /units of the output/);
    const toggles = page.getByRole('button', { name: 'Show as table' });
    for (let at = 0; at < 4; at++) await toggles.nth(at).click();
    expect(await page.locator('.text table').count()).toBe(2);
    expect(await page.locator('.picture tbody tr').count()).toBe(100);
    expect(await page.locator('.navigator tbody tr').count()).toBe(24);
  });
});

it('goes from model to model with the same text and view', async () => {
  const opened = await openWith('storyteller', sentence, { view: { layer: 5, picture: 'map', percent: 40 } });
  const { page } = opened.hosted;
  await opened.host.show(sentence, 0, 'translator');
  await sentenceOf(opened, /Attention map of cross-attention, layer 2/);
  await opened.host.show(sentence, 0, 'reader');
  await sentenceOf(opened, /Attention map of layer 2/);
  expect(await page.locator('.status vscode-option[aria-selected="true"]').textContent()).toBe('reader (encoder)');
  await opened.host.show(sentence, 0, 'storyteller');
  await sentenceOf(opened, /Attention map of layer 2/);
});
