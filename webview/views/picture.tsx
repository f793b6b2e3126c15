/** The picture in the middle: its tabs, its toolbar, the drawing, and what that leaves out. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { ModelInfo, RunInfo, Trouble, ViewState } from '../../src/protocol.ts';
import { links, pattern } from '../answers.ts';
import { run, setView, view } from '../store.ts';
import { TableToggle } from '../ui/region.tsx';
import { Tabs } from '../ui/toolkit.tsx';
import { picturesOf } from '../viewState.ts';
import { AttentionGraph } from './attentionGraph.tsx';
import { AttentionMap } from './attentionMap.tsx';
import { Influence } from './influence.tsx';
import { InfluenceCaption, InfluenceTable, InfluenceToolbar, InfluenceTrouble } from './influenceParts.tsx';
import { layersArrived, layersOf } from './layerCount.ts';
import { PictureCaption } from './pictureCaption.tsx';
import { PictureTable } from './pictureTable.tsx';
import { StatesCaption, StatesTable, StatesToolbar, StatesTrouble } from './recurrentParts.tsx';
import { RecurrentStates } from './recurrentStates.tsx';
import { Toolbar } from './toolbar.tsx';

type PictureName = ViewState['picture'];

export function Picture({ info }: { readonly info: RunInfo }): JSX.Element {
  const [asTable, setAsTable] = useState(false);
  const { picture } = view.value;
  const { toolbar, trouble, drawing, table, caption } = partsOf(picture, info.model);
  return (
    <section class="region picture" aria-label={l10n.t('Picture')}>
      <Tabs
        label={l10n.t('Pictures')}
        value={picture}
        tabs={picturesOf(info.model).map((value) => ({ value, label: nameOf(value) }))}
        end={<TableToggle pressed={asTable} onChange={setAsTable} />}
        onChange={(chosen) => setView({ picture: chosen })}
      >
        {toolbar}
        <LayerProgress model={info.model} />
        {trouble}
        {asTable ? <div class="region-table">{table}</div> : <div class="drawing">{drawing}</div>}
        {caption}
      </Tabs>
    </section>
  );
}

function nameOf(picture: PictureName): string {
  switch (picture) {
    case 'graph':
      return l10n.t('Graph');
    case 'map':
      return l10n.t('Map');
    case 'states':
      return l10n.t('States');
    case 'influence':
      return l10n.t('Influence');
    default:
      return picture satisfies never;
  }
}

interface Parts {
  readonly toolbar: ComponentChildren;
  readonly trouble: ComponentChildren;
  readonly drawing: ComponentChildren;
  readonly table: ComponentChildren;
  readonly caption: ComponentChildren;
}

function partsOf(picture: PictureName, model: ModelInfo): Parts {
  const attention = { toolbar: <Toolbar model={model} />, table: <PictureTable />, caption: <PictureCaption /> };
  switch (picture) {
    case 'graph':
      return { ...attention, trouble: <PictureTrouble answer={links.value} />, drawing: <AttentionGraph /> };
    case 'map':
      return { ...attention, trouble: <PictureTrouble answer={pattern.value} />, drawing: <AttentionMap /> };
    case 'states':
      return { toolbar: <StatesToolbar layers={model.layers} />, trouble: <StatesTrouble />, drawing: <RecurrentStates />, table: <StatesTable />, caption: <StatesCaption /> };
    case 'influence':
      return { toolbar: <InfluenceToolbar />, trouble: <InfluenceTrouble />, drawing: <Influence />, table: <InfluenceTable />, caption: <InfluenceCaption /> };
    default:
      return picture satisfies never;
  }
}

/** A line that grows as layers arrive. */
function LayerProgress({ model }: { readonly model: ModelInfo }): JSX.Element {
  const share = run.value.state === 'ready' ? 0 : layersArrived.value / layersOf(model);
  return <div class="layer-progress" aria-hidden="true" style={{ '--share': `${(share * 100).toFixed(1)}%` }} />;
}

function PictureTrouble({ answer }: { readonly answer: { readonly state: string; readonly trouble?: Trouble } }): JSX.Element | null {
  if (!answer.trouble) return null;
  return (
    <p class="trouble" role="alert">
      {answer.trouble.message}
    </p>
  );
}
