/** Which pictures there are of which models, and how they are grouped. */
import type { ModelInfo, PictureName } from '../src/protocol.ts';

/** `attention`: who looks where, or a recurrent network's states. `vectors`: what is inside. `prediction`: where it comes from. */
export type PictureGroup = 'attention' | 'vectors' | 'prediction';

interface PictureKind {
  readonly name: PictureName;
  readonly group: PictureGroup;
  readonly fits: (model: ModelInfo) => boolean;
}

const hasAttention = ({ attentions }: ModelInfo): boolean => attentions.length > 0;
const predictsByLayers = ({ kind, predicts }: ModelInfo): boolean => predicts !== 'nothing' && kind !== 'recurrent';
/** Hook points can be read: not those of an exported graph. */
const opened = (model: ModelInfo): boolean => hasAttention(model) && model.door === 'weights';
const goesOn = ({ kind, predicts }: ModelInfo): boolean => predicts === 'next' && kind !== 'encoder-decoder';

/** In the order they are offered; the first of a model is what it is first seen in. */
const kinds: readonly PictureKind[] = [
  { name: 'graph', group: 'attention', fits: hasAttention },
  { name: 'map', group: 'attention', fits: hasAttention },
  { name: 'states', group: 'attention', fits: ({ kind }) => kind === 'recurrent' },
  { name: 'head', group: 'attention', fits: opened },
  { name: 'embeddings', group: 'vectors', fits: ({ door }) => door === 'weights' },
  { name: 'positions', group: 'vectors', fits: opened },
  { name: 'neurons', group: 'vectors', fits: ({ door, kind, predicts }) => door === 'weights' && kind === 'decoder' && predicts === 'next' },
  { name: 'way', group: 'vectors', fits: opened },
  { name: 'lens', group: 'prediction', fits: predictsByLayers },
  { name: 'sources', group: 'prediction', fits: predictsByLayers },
  { name: 'paths', group: 'prediction', fits: predictsByLayers },
  { name: 'sweep', group: 'prediction', fits: ({ predicts }) => predicts !== 'nothing' },
  { name: 'patching', group: 'prediction', fits: (model) => opened(model) && model.predicts !== 'nothing' },
  { name: 'models', group: 'prediction', fits: goesOn },
  { name: 'influence', group: 'prediction', fits: goesOn },
];

/** Pictures that there are of a model, of one group or of all. */
export function picturesOf(model: ModelInfo, group?: PictureGroup): readonly PictureName[] {
  return kinds.filter((kind) => kind.fits(model) && (group === undefined || kind.group === group)).map(({ name }) => name);
}

/** Groups that hold a picture of the model. */
export function groupsOf(model: ModelInfo): readonly PictureGroup[] {
  return [...new Set(kinds.filter((kind) => kind.fits(model)).map(({ group }) => group))];
}

export function groupOf(picture: PictureName): PictureGroup {
  return kinds.find(({ name }) => name === picture)?.group ?? 'attention';
}

/** The picture that is looked at, as far as the model has it; else its first. */
export function fittingPicture(picture: PictureName, model: ModelInfo): PictureName {
  const all = picturesOf(model);
  return all.includes(picture) ? picture : (all[0] ?? 'map');
}
