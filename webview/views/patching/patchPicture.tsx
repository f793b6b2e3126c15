/** Two texts in the page: the other one to be edited, both in tokens with what differs, and where the answer of the one comes back in the other. */
import { computed } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { ModelInfo, PatchOver, PatchSite } from '../../../src/protocol.ts';
import { shortLabel } from '../../graphs/labels.ts';
import { patchCell, patchedAttentions, rankedSites, type PatchData, type PatchItem } from '../../graphs/patchData.ts';
import { patchGrid, siteSentence } from '../../graphs/patchGrid.ts';
import { changeText } from '../../graphs/percent.ts';
import { partText } from '../../graphs/sentences.ts';
import { sameCell, type SweepCell, type SweepPanel } from '../../graphs/sweepData.ts';
import { alignment, patched } from '../../patchingAnswers.ts';
import { setView, shown, tokensOf, view } from '../../store.ts';
import { CanvasBox } from '../canvasBox.tsx';
import { GridPicture } from '../gridPicture.ts';
import { BothTexts } from './bothTexts.tsx';

/** Rows of the list; the table has all. */
const listed = 20;

/** What brings back less than this is written as 0 %, and not listed. */
const leastListed = 0.0005;

export function PatchPicture(): JSX.Element {
  const picture = useMemo(() => new GridPicture({ data: patchData, draw: patchGrid, said }), []);
  return (
    <div class="patching">
      <BothTexts />
      {alignment.value && (
        <div class="sweep">
          <div class="sweep-grid">
            <CanvasBox picture={picture} />
          </div>
          {patchData.value.items.length > 0 && <RankedList />}
        </div>
      )}
    </div>
  );
}

/** What is drawn, without what the pointer is on. */
export const patchData = computed((): PatchData => {
  const model = shown.value?.info.model;
  const known = patched.value;
  const attentions = model ? patchedAttentions(model, view.value.patchOver) : [];
  const several = attentions.length > 1;
  return {
    panels: attentions.map((attention) => panelOf(attention, view.value.patchOver, several)),
    items: known?.sites.map(({ site, restored }): PatchItem => ({ name: nameOf(site, several, attentions), cell: patchCell(site, attentions), restored })) ?? [],
    cell: null,
    changed: (panel, row) => view.value.patchOver !== 'z' && attentions[panel]?.queries === 'text' && changedTokens.value.has(row),
  };
});

/** Tokens of the shown text that are others in the other. */
const changedTokens = computed((): ReadonlySet<number> => {
  const pairs = alignment.value?.pairs;
  if (!pairs) return new Set();
  const same = new Set([...pairs.clean].filter((_, pair) => pairs.same[pair] === 1));
  return new Set([...tokensOf('text').keys()].filter((token) => !same.has(token)));
});

function panelOf({ part, layers, heads, queries }: ModelInfo['attentions'][number], over: PatchOver, several: boolean): SweepPanel {
  const layerNames = Array.from({ length: layers }, (_, layer) => l10n.t('L{0}', layer));
  const title = several ? partText(part) : null;
  if (over === 'z') return { title, rows: layerNames, columns: Array.from({ length: heads }, (_, head) => l10n.t('H{0}', head)) };
  return { title, rows: tokensOf(queries).map(({ text }) => shortLabel(text)), columns: layerNames };
}

function nameOf(site: PatchSite, several: boolean, attentions: ModelInfo['attentions']): string {
  const sequence = attentions.find(({ part }) => part === site.part)?.queries ?? 'text';
  const name = site.kind === 'head' ? l10n.t('layer {0}, head {1}', site.layer, site.head) : l10n.t('layer {0} at “{1}” ({2})', site.layer, shortLabel(tokensOf(sequence)[site.position]?.text ?? ''), site.position);
  return several ? l10n.t('{0}: {1}', partText(site.part), name) : name;
}

/** What brings most back, for eyes and keyboard alike: a click shows the attention of that layer. */
function RankedList(): JSX.Element {
  const sites = patched.value?.sites ?? [];
  const { items } = patchData.value;
  const open = (item: PatchItem): void => {
    const site = sites[items.indexOf(item)]?.site;
    if (site) setView({ picture: 'graph', part: site.part, layer: site.layer, heads: site.kind === 'head' ? [site.head] : [] });
  };
  return (
    <ol class="sweep-list" aria-label={l10n.t('What brings most back')}>
      {rankedSites(items).filter(({ restored }) => Math.abs(restored) >= leastListed).slice(0, listed).map((item) => (
        <li key={item.name}>
          <button type="button" title={l10n.t('Shows the attention of this layer.')} onClick={() => open(item)}>
            <span class="sweep-name">{item.name}</span>
            <span class={item.restored < 0 ? 'sweep-value below' : 'sweep-value above'}>{changeText(item.restored)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function said(cell: SweepCell): string {
  const item = patchData.peek().items.find((one) => sameCell(one.cell, cell));
  return item ? siteSentence(item) : l10n.t('nothing put in here yet');
}
