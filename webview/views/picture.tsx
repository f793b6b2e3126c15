/** The picture in the middle: its groups and tabs, its toolbar, the drawing, and what that leaves out. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { ModelInfo, RunInfo } from '../../src/protocol.ts';
import { fittingPicture, groupOf, groupsOf, picturesOf, type PictureGroup } from '../pictures.ts';
import { run, setView, view } from '../store.ts';
import { Choice } from '../ui/choice.tsx';
import { TableToggle } from '../ui/region.tsx';
import { Tabs } from '../ui/toolkit.tsx';
import { ExportMenu } from './exportMenu.tsx';
import { layersArrived, layersOf } from './layerCount.ts';
import { groupLabel, pictureViews } from './pictureViews.tsx';

export function Picture({ info }: { readonly info: RunInfo }): JSX.Element {
  const { model } = info;
  const part = useRef<HTMLElement>(null);
  const [asTable, setAsTable] = useState(false);
  const picture = fittingPicture(view.value.picture, model);
  const group = groupOf(picture);
  const { toolbar: Toolbar, trouble: Trouble, drawing: Drawing, table: Table, caption: Caption } = pictureViews[picture];
  return (
    <section class="region picture" aria-label={l10n.t('Picture')} ref={part}>
      <Tabs
        label={l10n.t('Pictures')}
        value={picture}
        tabs={picturesOf(model, group).map((value) => ({ value, label: pictureViews[value].label() }))}
        end={
          <span class="picture-ends">
            <GroupChoice model={model} group={group} />
            <ExportMenu of={picture} label={pictureViews[picture].label()} part={part} table={() => <Table model={model} />} />
            <TableToggle pressed={asTable} onChange={setAsTable} />
          </span>
        }
        onChange={(chosen) => setView({ picture: chosen })}
      >
        <Toolbar model={model} />
        <LayerProgress model={model} />
        <Trouble model={model} />
        {asTable ? (
          <div class="region-table">
            <Table model={model} />
          </div>
        ) : (
          <div class="drawing">
            <Drawing model={model} />
          </div>
        )}
        <Caption model={model} />
      </Tabs>
    </section>
  );
}

/** What the pictures are about; the one of a group that was looked at last comes back with it. */
function GroupChoice({ model, group }: { readonly model: ModelInfo; readonly group: PictureGroup }): JSX.Element | null {
  const [last, setLast] = useState<Partial<Record<PictureGroup, ReturnType<typeof fittingPicture>>>>({});
  const groups = groupsOf(model);
  if (groups.length < 2) return null;
  const choose = (next: PictureGroup): void => {
    setLast({ ...last, [group]: view.peek().picture });
    const [first] = picturesOf(model, next);
    const before = last[next];
    const chosen = before !== undefined && picturesOf(model, next).includes(before) ? before : first;
    if (chosen !== undefined) setView({ picture: chosen });
  };
  return (
    <Choice
      label={l10n.t('What the pictures are about')}
      value={group}
      options={groups.map((value) => ({ value, label: groupLabel(value), title: groupTitle(value) }))}
      onChange={choose}
    />
  );
}

function groupTitle(group: PictureGroup): string {
  switch (group) {
    case 'attention':
      return l10n.t('Which tokens look at which.');
    case 'vectors':
      return l10n.t('What tokens are inside the model.');
    case 'prediction':
      return l10n.t('Where a prediction comes from, and when.');
    default:
      return group satisfies never;
  }
}

/** A line that grows as layers arrive. */
function LayerProgress({ model }: { readonly model: ModelInfo }): JSX.Element {
  const share = run.value.state === 'ready' ? 0 : layersArrived.value / layersOf(model);
  return <div class="layer-progress" aria-hidden="true" style={{ '--share': `${(share * 100).toFixed(1)}%` }} />;
}
