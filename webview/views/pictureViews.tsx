/** What each picture is made of. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ModelInfo, PictureName } from '../../src/protocol.ts';
import type { PictureGroup } from '../pictures.ts';
import { links, pattern } from '../answers.ts';
import { difference } from '../differenceAnswers.ts';
import { AttentionGraph } from './attentionGraph.tsx';
import { AttentionMap } from './attentionMap.tsx';
import { EmbeddingCaption, EmbeddingPicture, EmbeddingTable, EmbeddingToolbar, EmbeddingTrouble } from './embeddings/embeddingParts.tsx';
import { HeadCaption, HeadPicture, HeadTable, HeadToolbar, HeadTrouble } from './head/headParts.tsx';
import { Influence } from './influence.tsx';
import { InfluenceCaption, InfluenceTable, InfluenceToolbar, InfluenceTrouble } from './influenceParts.tsx';
import { LensCaption, LensTable, LensToolbar, LensTrouble } from './lens/lensParts.tsx';
import { LensPicture } from './lens/lensPicture.tsx';
import { ModelsCaption, ModelsPicture, ModelsTable, ModelsToolbar, ModelsTrouble } from './models/modelsParts.tsx';
import { PatchCaption, PatchTable, PatchToolbar, PatchTrouble } from './patching/patchParts.tsx';
import { PatchPicture } from './patching/patchPicture.tsx';
import { NeuronCaption, NeuronPicture, NeuronTable, NeuronToolbar, NeuronTrouble } from './neurons/neuronParts.tsx';
import { PathsCaption, PathsTable, PathsToolbar, PathsTrouble } from './paths/pathsParts.tsx';
import { PathsPicture } from './paths/pathsPicture.tsx';
import { PictureCaption } from './pictureCaption.tsx';
import { PictureTable } from './pictureTable.tsx';
import { AnswerTrouble } from './answerTrouble.tsx';
import { StatesCaption, StatesTable, StatesToolbar, StatesTrouble } from './recurrentParts.tsx';
import { PositionCaption, PositionPicture, PositionTable, PositionToolbar, PositionTrouble } from './positions/positionParts.tsx';
import { RecurrentStates } from './recurrentStates.tsx';
import { SourcesCaption, SourcesTable, SourcesToolbar, SourcesTrouble } from './sources/sourcesParts.tsx';
import { SourcesPicture } from './sources/sourcesPicture.tsx';
import { SweepCaption, SweepTable, SweepToolbar, SweepTrouble } from './sweep/sweepParts.tsx';
import { SweepPicture } from './sweep/sweepPicture.tsx';
import { Toolbar } from './toolbar.tsx';
import { WayCaption, WayPicture, WayTable, WayToolbar, WayTrouble } from './way/wayParts.tsx';

type Part = (of: { readonly model: ModelInfo }) => JSX.Element | null;

export interface PictureView {
  readonly label: () => string;
  /** How the picture is made. */
  readonly toolbar: Part;
  /** Why there is none. */
  readonly trouble: Part;
  readonly drawing: Part;
  /** The same for those who do not see it. */
  readonly table: Part;
  /** What it says in a sentence, and what it leaves out. */
  readonly caption: Part;
}

export const pictureViews: Readonly<Record<PictureName, PictureView>> = {
  graph: {
    label: () => l10n.t('Graph'),
    toolbar: Toolbar,
    trouble: () => <AnswerTrouble answer={difference.value.state === 'failed' ? difference.value : links.value} />,
    drawing: () => <AttentionGraph />,
    table: () => <PictureTable />,
    caption: () => <PictureCaption />,
  },
  map: {
    label: () => l10n.t('Map'),
    toolbar: Toolbar,
    trouble: () => <AnswerTrouble answer={difference.value.state === 'failed' ? difference.value : pattern.value} />,
    drawing: () => <AttentionMap />,
    table: () => <PictureTable />,
    caption: () => <PictureCaption />,
  },
  states: {
    label: () => l10n.t('States'),
    toolbar: ({ model }) => <StatesToolbar layers={model.layers} />,
    trouble: () => <StatesTrouble />,
    drawing: () => <RecurrentStates />,
    table: () => <StatesTable />,
    caption: () => <StatesCaption />,
  },
  head: {
    label: () => l10n.t('One head'),
    toolbar: HeadToolbar,
    trouble: () => <HeadTrouble />,
    drawing: () => <HeadPicture />,
    table: () => <HeadTable />,
    caption: () => <HeadCaption />,
  },
  embeddings: {
    label: () => l10n.t('Embeddings'),
    toolbar: () => <EmbeddingToolbar />,
    trouble: () => <EmbeddingTrouble />,
    drawing: () => <EmbeddingPicture />,
    table: () => <EmbeddingTable />,
    caption: () => <EmbeddingCaption />,
  },
  positions: {
    label: () => l10n.t('Positions'),
    toolbar: PositionToolbar,
    trouble: () => <PositionTrouble />,
    drawing: () => <PositionPicture />,
    table: () => <PositionTable />,
    caption: PositionCaption,
  },
  neurons: {
    label: () => l10n.t('Neurons'),
    toolbar: NeuronToolbar,
    trouble: () => <NeuronTrouble />,
    drawing: () => <NeuronPicture />,
    table: () => <NeuronTable />,
    caption: () => <NeuronCaption />,
  },
  way: {
    label: () => l10n.t('One token’s way'),
    toolbar: WayToolbar,
    trouble: () => <WayTrouble />,
    drawing: () => <WayPicture />,
    table: () => <WayTable />,
    caption: () => <WayCaption />,
  },
  lens: {
    label: () => l10n.t('Lens'),
    toolbar: () => <LensToolbar />,
    trouble: () => <LensTrouble />,
    drawing: () => <LensPicture />,
    table: () => <LensTable />,
    caption: ({ model }) => <LensCaption model={model} />,
  },
  sources: {
    label: () => l10n.t('Sources'),
    toolbar: ({ model }) => <SourcesToolbar model={model} />,
    trouble: () => <SourcesTrouble />,
    drawing: () => <SourcesPicture />,
    table: () => <SourcesTable />,
    caption: () => <SourcesCaption />,
  },
  paths: {
    label: () => l10n.t('Paths'),
    toolbar: () => <PathsToolbar />,
    trouble: () => <PathsTrouble />,
    drawing: () => <PathsPicture />,
    table: () => <PathsTable />,
    caption: () => <PathsCaption />,
  },
  sweep: {
    label: () => l10n.t('What Matters'),
    toolbar: () => <SweepToolbar />,
    trouble: () => <SweepTrouble />,
    drawing: () => <SweepPicture />,
    table: () => <SweepTable />,
    caption: ({ model }) => <SweepCaption model={model} />,
  },
  patching: {
    label: () => l10n.t('Two Texts'),
    toolbar: () => <PatchToolbar />,
    trouble: () => <PatchTrouble />,
    drawing: () => <PatchPicture />,
    table: () => <PatchTable />,
    caption: ({ model }) => <PatchCaption model={model} />,
  },
  models: {
    label: () => l10n.t('Two Models'),
    toolbar: () => <ModelsToolbar />,
    trouble: () => <ModelsTrouble />,
    drawing: () => <ModelsPicture />,
    table: () => <ModelsTable />,
    caption: () => <ModelsCaption />,
  },
  influence: {
    label: () => l10n.t('Influence'),
    toolbar: () => <InfluenceToolbar />,
    trouble: () => <InfluenceTrouble />,
    drawing: () => <Influence />,
    table: () => <InfluenceTable />,
    caption: () => <InfluenceCaption />,
  },
};

export function groupLabel(group: PictureGroup): string {
  switch (group) {
    case 'attention':
      return l10n.t('Attention');
    case 'vectors':
      return l10n.t('Vectors');
    case 'prediction':
      return l10n.t('Prediction');
    default:
      return group satisfies never;
  }
}
