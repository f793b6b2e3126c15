/** What stands around the picture of influence: whose, beside whom, how far back, and in words what was found. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import { bitsText, headerRoom, legendRoom, reach, type InfluenceData } from '../graphs/influenceBars.ts';
import { fittingRow } from '../graphs/tokenRows.ts';
import { askFurtherBack, beside, comparable, comparedInfluence, comparedName, compareWith, comparison, influence, influencePosition, influenceSpan, sameTokens } from '../recurrentAnswers.ts';
import { shown } from '../store.ts';
import { DataTable } from '../ui/dataTable.tsx';
import { Button, Dropdown } from '../ui/toolkit.tsx';
import { visibleLabel } from '../visibleText.ts';
import { influenceData } from './influence.tsx';
import { ZoomButtons } from './zoomButtons.tsx';

/** No model can have it as its name. */
const nobody = '\u0000none';

export function InfluenceToolbar(): JSX.Element {
  return (
    <div class="toolbar" role="group" aria-label={l10n.t('How the picture is made')}>
      <span class="group">
        <span class="caption">{l10n.t('Beside')}</span>
        <Dropdown
          label={l10n.t('Another model on the same text')}
          value={beside.value ?? nobody}
          options={[{ value: nobody, label: l10n.t('no other model') }, ...comparable.value.map((name) => ({ value: name, label: name }))]}
          onChange={(name) => compareWith(name === nobody ? null : name)}
        />
      </span>
      <span class="group">
        <ZoomButtons fitting={(room) => fittingRow(room.clientHeight - headerRoom - legendRoom, influenceData.peek()?.labels.length ?? 0)} />
      </span>
    </div>
  );
}

/** Why there is no picture of one of the models. */
export function InfluenceTrouble(): JSX.Element | null {
  const other = comparison.value;
  const sentences = [
    influence.value?.trouble?.message,
    comparedInfluence.value?.trouble?.message,
    other.state === 'failed' ? other.trouble.message : undefined,
    other.state === 'ready' && !sameTokens.value ? l10n.t('{0} cuts this text into other tokens, so its bars cannot stand beside these.', comparedName.value) : undefined,
  ].filter((sentence) => sentence !== undefined);
  if (!sentences.length) return null;
  return (
    <p class="trouble" role="alert">
      {sentences.join(' ')}
    </p>
  );
}

export function InfluenceCaption(): JSX.Element {
  const position = influencePosition.value ?? 0;
  const text = visibleLabel(shown.value?.info.tokens[position]?.text ?? '');
  const data = influenceData.value;
  const left = position + 1 - influenceSpan.value;
  const sentences = [
    position === 0 ? '' : l10n.t('Bits by which the prediction after “{0}” ({1}) changes when the token is left out of the text; click a token to ask about the prediction after it.', text, position),
    ...(data ? data.models.map(({ name, divergence }) => reachText(name, divergence)) : []),
    comparison.value.state === 'running' ? l10n.t('{0} is being run on the same text.', comparedName.value) : '',
    progressText(data),
  ];
  return (
    <p class="picture-caption muted">
      {sentences.filter((sentence) => sentence !== '').map((sentence) => (
        <span key={sentence}>{sentence} </span>
      ))}
      {left > 0 && (
        <>
          <span>{left === 1 ? l10n.t('1 earlier token has not been left out yet.') : l10n.t('{0} earlier tokens have not been left out yet.', left)} </span>
          <Button onClick={askFurtherBack}>{l10n.t('Further Back')}</Button>
        </>
      )}
    </p>
  );
}

function reachText(name: string, divergence: Float32Array): string {
  if (divergence.some((bits) => Number.isNaN(bits))) return '';
  const count = reach(divergence);
  if (count === null) return '';
  return count === 1
    ? l10n.t('{0}: apart from the last token, 90 % of the bits are on the one before it.', name)
    : l10n.t('{0}: apart from the last token, 90 % of the bits are on the {1} before it.', name, count);
}

function progressText(data: InfluenceData | null): string {
  if (!data) return '';
  const values = data.models.flatMap(({ divergence }) => [...divergence]);
  const known = values.filter((bits) => !Number.isNaN(bits)).length;
  return known === values.length ? '' : l10n.t('{0} of {1} done.', known, values.length);
}

export function InfluenceTable(): JSX.Element {
  const data = influenceData.value;
  const rows = (data?.labels ?? []).map((_, row) => row).reverse();
  const text = (token: number): string => visibleLabel(shown.value?.info.tokens[token]?.text ?? '');
  return (
    <DataTable
      caption={data ? l10n.t('What leaving out each token does to the prediction after “{0}” ({1}), in bits, the nearest token first', text(data.position), data.position) : ''}
      rows={rows}
      columns={[
        { title: l10n.t('Token'), cell: (row) => text((data?.first ?? 0) + row), heads: true, code: true },
        { title: l10n.t('Tokens back'), cell: (row) => String((data?.labels.length ?? 0) - 1 - row), value: (row) => (data?.labels.length ?? 0) - 1 - row, numeric: true },
        ...(data?.models ?? []).flatMap(({ name, likeliest, divergence, loss }) => [
          { title: name, cell: (row: number) => numberText(divergence[row]), value: (row: number) => divergence[row] ?? null, numeric: true },
          { title: l10n.t('{0}: loss of “{1}”', name, likeliest ?? ''), cell: (row: number) => numberText(loss[row]), value: (row: number) => loss[row] ?? null, numeric: true },
        ]),
      ]}
    />
  );
}

function numberText(bits: number | undefined): string {
  if (bits === undefined || Number.isNaN(bits)) return '…';
  return bits < 0 ? `−${bitsText(-bits)}` : bitsText(bits);
}
