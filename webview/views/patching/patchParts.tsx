/** What stands around the picture of two texts: what is put into the other, how far it is, and the same as a table. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ModelInfo, PatchMeasure, PatchOver } from '../../../src/protocol.ts';
import { shortLabel } from '../../graphs/labels.ts';
import { rankedSites } from '../../graphs/patchData.ts';
import { changeText } from '../../graphs/percent.ts';
import { signedText } from '../../numbers.ts';
import { alignment, patched, patchingTrouble, startPatching, stopPatching } from '../../patchingAnswers.ts';
import { setView, view } from '../../store.ts';
import { Choice } from '../../ui/choice.tsx';
import { DataTable } from '../../ui/dataTable.tsx';
import { Button } from '../../ui/toolkit.tsx';
import { AimChoice, AimTrouble } from '../aimChoice.tsx';
import { patchData } from './patchPicture.tsx';

export function PatchToolbar(): JSX.Element {
  return (
    <div class="toolbar" role="group" aria-label={l10n.t('How the picture is made')}>
      <AimChoice />
      <Choice label={l10n.t('What is put into the other text')} value={view.value.patchOver} options={(['resid_pre', 'attn_out', 'mlp_out', 'z'] as const).map((value) => ({ value, ...overText(value) }))} onChange={(patchOver) => setView({ patchOver })} />
      <Progress />
    </div>
  );
}

function overText(over: PatchOver): { readonly label: string; readonly title: string } {
  switch (over) {
    case 'resid_pre':
      return { label: l10n.t('Residual stream'), title: l10n.t('All that has been gathered at one token before a layer.') };
    case 'attn_out':
      return { label: l10n.t('Attention'), title: l10n.t('What the attention of a layer adds at one token.') };
    case 'mlp_out':
      return { label: l10n.t('Feed-forward'), title: l10n.t('What the feed-forward part of a layer adds at one token.') };
    case 'z':
      return { label: l10n.t('Heads'), title: l10n.t('What one head hands on, at all tokens.') };
    default:
      return over satisfies never;
  }
}

/** Starts, stops and goes on; nothing runs by itself. */
function Progress(): JSX.Element | null {
  const now = patched.value;
  if (!now) return null;
  const { state, sites, total } = now;
  const share = total ? (sites.length / total) * 100 : 0;
  return (
    <span class="group sweep-progress">
      {state === 'asking' ? (
        <Button onClick={stopPatching}>{l10n.t('Stop')}</Button>
      ) : (
        state !== 'ready' && (
          <Button appearance="primary" onClick={startPatching}>
            {sites.length > 0 ? l10n.t('Go On') : l10n.t('Start')}
          </Button>
        )
      )}
      {total !== null && state !== 'ready' && (
        <>
          <span class="sweep-bar" role="progressbar" aria-label={l10n.t('How far the patching is')} aria-valuemin={0} aria-valuemax={total} aria-valuenow={sites.length} style={{ '--share': `${share.toFixed(1)}%` }} />
          <span class="muted">{l10n.t('{0} of {1}', sites.length, total)}</span>
        </>
      )}
    </span>
  );
}

export function PatchTrouble(): JSX.Element | null {
  const trouble = patchingTrouble.value;
  if (!trouble) return <AimTrouble />;
  return (
    <p class="trouble" role="alert">
      {trouble.message} {trouble.help}
    </p>
  );
}

export function PatchCaption({ model }: { readonly model: ModelInfo }): JSX.Element {
  return (
    <p class="picture-caption muted">
      {sentences(model).filter((sentence) => sentence !== '').map((sentence) => (
        <span key={sentence}>{sentence} </span>
      ))}
    </p>
  );
}

function sentences(model: ModelInfo): string[] {
  const now = patched.value;
  if (!alignment.value) return [l10n.t('Change a word of the text and compare: then what is inside the model on the shown text can be put into its run on the other, one thing at a time, to see what brings the prediction back (activation patching).')];
  const reread = model.kind === 'encoder-decoder' ? l10n.t('Both read what was written for the shown text.') : '';
  if (!now?.around) return [reread, l10n.t('Start runs the other text once for each place where the two differ, from the layer where it is changed.')];
  const { clean, corrupted, target, rival } = now.around;
  const [one, other] = [shortLabel(target.text), rival ? shortLabel(rival.text) : ''];
  const number = (measure: PatchMeasure): string => signedText(measure.logitDifference ?? measure.logProbability, 2);
  return [
    rival ? l10n.t('Measured: the logit of “{0}” less that of “{1}”, {2} in the shown text and {3} in the other.', one, other, number(clean), number(corrupted)) : l10n.t('Measured: the log-probability of “{0}”, {1} nats in the shown text and {2} in the other.', one, number(clean), number(corrupted)),
    now.sites.length > 0 && now.sites.every(({ restored }) => Number.isNaN(restored)) ? l10n.t('Both measure the same, so nothing can come back.') : l10n.t('100 %: all of the difference comes back; 0 %: nothing does.'),
    view.value.patchOver === 'z' ? '' : l10n.t('Rows in colour are tokens that differ.'),
    reread,
    now.state === 'ready' ? '' : l10n.t('What is hatched has not been put in.'),
  ];
}

export function PatchTable(): JSX.Element {
  const { items } = patchData.value;
  const sites = patched.value?.sites ?? [];
  return (
    <DataTable
      caption={items.length > 0 ? l10n.t('How much of the answer each thing brings back in the other text') : l10n.t('Nothing has been put into the other text yet.')}
      rows={rankedSites(items)}
      columns={[
        { title: l10n.t('Put in'), cell: ({ name }) => name, heads: true },
        { title: l10n.t('Brought back'), cell: ({ restored }) => changeText(Math.abs(restored) < 0.0005 ? 0 : restored), value: ({ restored }) => restored, numeric: true },
        { title: l10n.t('Log-probability'), cell: (item) => signedText(sites[items.indexOf(item)]?.logProbability ?? NaN, 3), value: (item) => sites[items.indexOf(item)]?.logProbability ?? NaN, numeric: true },
      ]}
    />
  );
}
