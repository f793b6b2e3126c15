/** What stands around the plane of embeddings: zoom, the neighbours that are listed, and the same in words and as a table. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ProjectedToken } from '../../../src/protocol.ts';
import { occurrences, planeZoom, projection } from '../../embeddingAnswers.ts';
import { closest, planeSentence } from '../../graphs/embeddingPlane.ts';
import { percentText } from '../../graphs/percent.ts';
import { decimalText, signedText } from '../../numbers.ts';
import { DataTable } from '../../ui/dataTable.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Button } from '../../ui/toolkit.tsx';
import { visibleLabel } from '../../visibleText.ts';
import { AnswerTrouble } from '../answerTrouble.tsx';
import { EmbeddingPlane, planeData, zoomPlane } from './embeddingPlane.tsx';

export function EmbeddingToolbar(): JSX.Element {
  return (
    <div class="toolbar" role="group" aria-label={l10n.t('How the picture is made')}>
      <span class="group" role="group" aria-label={l10n.t('Zoom')}>
        <Button appearance="icon" label={l10n.t('Further away (−)')} disabled={planeZoom.value <= 1} onClick={() => zoomPlane(-1)}>
          <Icon name="zoomOut" />
        </Button>
        <Button appearance="icon" label={l10n.t('Show the whole plane (0)')} pressed={planeZoom.value === 1} onClick={() => zoomPlane(0)}>
          <Icon name="fit" />
        </Button>
        <Button appearance="icon" label={l10n.t('Closer (+)')} onClick={() => zoomPlane(1)}>
          <Icon name="zoomIn" />
        </Button>
      </span>
      <span class="muted">{l10n.t('Drag or Shift and arrow keys move the plane.')}</span>
    </div>
  );
}

export const EmbeddingTrouble = (): JSX.Element | null => <AnswerTrouble answer={projection.value} />;

export function EmbeddingPicture(): JSX.Element {
  const data = planeData.value;
  if (!data) return <p class="state muted">{projection.value.state === 'failed' ? '' : l10n.t('The plane is being computed.')}</p>;
  return (
    <div class="embeddings">
      <EmbeddingPlane />
      <Neighbours />
    </div>
  );
}

function Neighbours(): JSX.Element | null {
  const data = planeData.value;
  const own = data?.answer.points.find(({ id }) => id === data.chosen);
  if (!data || !own) return <p class="neighbours muted">{l10n.t('Pin a token to see which of all tokens are its neighbours.')}</p>;
  return (
    <div class="neighbours">
      <span class="muted">{l10n.t('Nearest to “{0}” in the whole vocabulary, by cosine:', visibleLabel(own.text))}</span>
      <ol>
        {closest(data.answer.points, own.id).map(({ id, text, cosine }) => (
          <li key={id} title={l10n.t('id {0}', id)}>
            <span class="code">{visibleLabel(text)}</span> {decimalText(cosine ?? 0, 2)}
          </li>
        ))}
      </ol>
    </div>
  );
}

export function EmbeddingCaption(): JSX.Element {
  const data = planeData.value;
  if (!data) return <p class="picture-caption muted" />;
  const { variance, width, points } = data.answer;
  const lost = Math.max(0, 1 - variance[0] - variance[1]);
  return (
    <p class="picture-caption muted">
      <span>{l10n.t('These two directions hold {0} of the variance of the {1} embeddings shown, which have {2} numbers each.', percentText(variance[0] + variance[1]), points.length, width)} </span>
      {lost > 0.005 && <span>{l10n.t('The other {0} are not seen: tokens that lie together here may be far apart, so trust the cosines.', percentText(lost))} </span>}
      <span>{l10n.t('Each token is shown once, however often it occurs; an embedding knows nothing of its place.')}</span>
    </p>
  );
}

export function EmbeddingTable(): JSX.Element {
  const data = planeData.value;
  if (!data) return <p class="state muted">{l10n.t('The plane is being computed.')}</p>;
  const { points } = data.answer;
  const rows = data.chosen === null ? points : [...points].sort((a, b) => (b.cosine ?? 0) - (a.cosine ?? 0));
  return (
    <DataTable
      caption={planeSentence(data)}
      rows={rows}
      columns={[
        { title: l10n.t('Token'), cell: ({ text }) => visibleLabel(text), heads: true, code: true },
        { title: l10n.t('Id'), cell: ({ id }) => String(id), value: ({ id }) => id, numeric: true },
        { title: l10n.t('In the text'), cell: ({ id }) => (occurrences.value.get(id) ?? []).join(', ') || '–', numeric: true },
        { title: l10n.t('Direction 1'), cell: ({ x }) => signedText(x, 2), value: ({ x }) => x, numeric: true },
        { title: l10n.t('Direction 2'), cell: ({ y }) => signedText(y, 2), value: ({ y }) => y, numeric: true },
        { title: l10n.t('Length'), cell: ({ length }) => decimalText(length, 2), value: ({ length }) => length, numeric: true },
        ...(data.chosen === null ? [] : [{ title: l10n.t('Cosine'), cell: ({ cosine }: ProjectedToken) => (cosine === null ? '' : signedText(cosine, 3)), value: ({ cosine }: ProjectedToken) => cosine, numeric: true }]),
      ]}
    />
  );
}
