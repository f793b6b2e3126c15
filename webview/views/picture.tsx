/** The picture in the middle: its tabs, its toolbar, the drawing, and what that leaves out. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { RunInfo } from '../../src/protocol.ts';
import { links, pattern, run, setView, summaries, view } from '../store.ts';
import { TableToggle } from '../ui/region.tsx';
import { Tabs } from '../ui/toolkit.tsx';
import { AttentionGraph } from './attentionGraph.tsx';
import { AttentionMap } from './attentionMap.tsx';
import { PictureCaption } from './pictureCaption.tsx';
import { PictureTable } from './pictureTable.tsx';
import { Toolbar } from './toolbar.tsx';

export function Picture({ info }: { readonly info: RunInfo }): JSX.Element {
  const [asTable, setAsTable] = useState(false);
  const { picture } = view.value;
  return (
    <section class="region picture" aria-label={l10n.t('Attention')}>
      <Tabs
        label={l10n.t('Pictures of attention')}
        value={picture}
        tabs={[
          { value: 'graph', label: l10n.t('Graph') },
          { value: 'map', label: l10n.t('Map') },
        ]}
        end={<TableToggle pressed={asTable} onChange={setAsTable} />}
        onChange={(chosen) => setView({ picture: chosen })}
      >
        <Toolbar model={info.model} />
        <LayerProgress layers={info.model.layers} />
        <PictureTrouble />
        {asTable ? (
          <div class="region-table">
            <PictureTable />
          </div>
        ) : (
          <div class="drawing">{picture === 'graph' ? <AttentionGraph /> : <AttentionMap />}</div>
        )}
        <PictureCaption />
      </Tabs>
    </section>
  );
}

/** A line that grows as layers arrive. */
function LayerProgress({ layers }: { readonly layers: number }): JSX.Element {
  const share = run.value.state === 'ready' ? 0 : summaries.value.length / layers;
  return <div class="layer-progress" aria-hidden="true" style={{ '--share': `${(share * 100).toFixed(1)}%` }} />;
}

function PictureTrouble(): JSX.Element | null {
  const answer = view.value.picture === 'graph' ? links.value : pattern.value;
  if (answer.state !== 'failed') return null;
  return (
    <p class="trouble" role="alert">
      {answer.trouble.message}
    </p>
  );
}
