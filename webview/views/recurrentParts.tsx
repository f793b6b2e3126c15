/** What stands around the picture of states: whose units, and the same in words and as a table. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import { headerRoom, legendRoom } from '../graphs/stateLayout.ts';
import { signed, stateSentence, valueOf } from '../graphs/statePicture.ts';
import { fittingRow } from '../graphs/tokenRows.ts';
import { decimalText } from '../numbers.ts';
import { stateLayer, states } from '../recurrentAnswers.ts';
import { shown } from '../store.ts';
import { DataTable } from '../ui/dataTable.tsx';
import { visibleLabel } from '../visibleText.ts';
import { changes, stateData } from './recurrentStates.tsx';
import { LayerPicker } from './toolbar.tsx';
import { ZoomButtons } from './zoomButtons.tsx';

export function StatesToolbar({ layers }: { readonly layers: number }): JSX.Element {
  return (
    <div class="toolbar" role="group" aria-label={l10n.t('How the picture is made')}>
      <LayerPicker layers={layers} />
      <span class="group">
        <ZoomButtons fitting={(room) => fittingRow(room.clientHeight - headerRoom - legendRoom, shown.peek()?.info.tokens.length ?? 0)} />
      </span>
    </div>
  );
}

export function StatesTrouble(): JSX.Element | null {
  if (states.value.state !== 'failed') return null;
  return (
    <p class="trouble" role="alert">
      {states.value.trouble.message}
    </p>
  );
}

export function StatesCaption(): JSX.Element {
  return (
    <p class="picture-caption muted">
      <span>{stateSentence({ ...stateData.value, focus: null })} </span>
      <span>{l10n.t('A change is the root mean square over all units of what the token added to them or took away.')}</span>
    </p>
  );
}

export function StatesTable(): JSX.Element {
  const tokens = shown.value?.info.tokens ?? [];
  const answer = stateData.value.units?.answer ?? null;
  const layers = [...changes.value.keys()].sort((a, b) => a - b);
  return (
    <DataTable
      caption={l10n.t('How much each token changes the state of each layer, and the unit of layer {0} that it moves most', stateLayer.value)}
      rows={tokens.map((_, token) => token)}
      columns={[
        { title: l10n.t('Token'), cell: (token) => l10n.t('{0} ({1})', visibleLabel(tokens[token]?.text ?? ''), token), heads: true, code: true },
        ...layers.map((layer) => ({ title: l10n.t('Layer {0}', layer), cell: (token: number) => decimalText(changes.value.get(layer)?.[token] ?? 0, 3), value: (token: number) => changes.value.get(layer)?.[token] ?? null, numeric: true })),
        {
          title: l10n.t('Unit moved most'),
          cell: (token: number) => {
            if (!answer) return '';
            const before = (unit: number): number => (token === 0 ? 0 : valueOf(answer, token - 1, unit));
            const moved = (unit: number): number => Math.abs(valueOf(answer, token, unit) - before(unit));
            const most = [...answer.units.keys()].reduce((best, unit) => (moved(unit) > moved(best) ? unit : best), 0);
            return l10n.t('unit {0}: {1} → {2}', answer.units[most] ?? 0, signed(before(most)), signed(valueOf(answer, token, most)));
          },
          numeric: true,
        },
      ]}
    />
  );
}
