/** What stands around the picture of where a prediction comes from: which prediction, the order of the parts, their sum, and all of them as a table. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ModelInfo } from '../../../src/protocol.ts';
import { shareName } from '../../graphs/sourceTree.ts';
import { headLabels } from '../../headTokens.ts';
import { decimalText, signedText } from '../../numbers.ts';
import { attribution, attributionFailed, openHead, openLayers, shownAs, sources, sourcesOrder } from '../../sourcesAnswers.ts';
import { Choice } from '../../ui/choice.tsx';
import { DataTable } from '../../ui/dataTable.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import { AimChoice, AimTrouble } from '../aimChoice.tsx';
import { ShowingChoice } from '../showingChoice.tsx';
import { sumText } from './sourcesPicture.tsx';

export function SourcesToolbar({ model }: { readonly model: ModelInfo }): JSX.Element {
  const all = openLayers.value.size >= model.layers;
  return (
    <div class="toolbar" role="group" aria-label={l10n.t('How the picture is made')}>
      <AimChoice />
      <ShowingChoice />
      <Choice
        label={l10n.t('Order of the parts')}
        value={sourcesOrder.value}
        options={[
          { value: 'computed', label: l10n.t('In order'), title: l10n.t('As they are computed, each beginning where the former ends.') },
          { value: 'size', label: l10n.t('By size'), title: l10n.t('The largest first, whatever its sign.') },
        ]}
        onChange={(order) => (sourcesOrder.value = order)}
      />
      {sourcesOrder.value === 'computed' && (
        <Toggle title={l10n.t('Show every part of every layer')} pressed={all} onClick={() => (openLayers.value = all ? new Set() : new Set(Array.from({ length: model.layers }, (_, layer) => layer)))}>
          {l10n.t('Open all layers')}
        </Toggle>
      )}
    </div>
  );
}

export function SourcesTrouble(): JSX.Element | null {
  const failed = attributionFailed.value;
  if (failed?.state !== 'failed') return <AimTrouble />;
  return (
    <p class="trouble" role="alert">
      {failed.trouble.message} {failed.trouble.help}
    </p>
  );
}

export function SourcesCaption(): JSX.Element | null {
  const answer = attribution.value;
  if (!answer) return <p class="picture-caption muted" />;
  const sum = answer.shares.reduce((whole, { value }) => whole + value, 0);
  const head = openHead.value;
  const sentences = [
    l10n.t('{0}; the parts add up to {1}, the remainder is {2}.', sumText.value, decimalText(sum, 3).replace('-', '−'), signedText(answer.remainder, 4)),
    shownAs.value === 'after' ? l10n.t('This is the run with the experiments.') : '',
    l10n.t('Each part is what it adds directly, with the last norm’s scale as it was in the run; what it does through later layers counts as theirs.'),
    head && sources.value ? l10n.t('Of layer {0}, head {1} the shares of the tokens it looked at are shown; they add up to its own.', head.layer, head.head) : l10n.t('Click a layer to see its parts, a head to see which tokens its share comes from.'),
  ];
  return (
    <p class="picture-caption muted">
      {sentences.filter((sentence) => sentence !== '').map((sentence) => (
        <span key={sentence}>{sentence} </span>
      ))}
    </p>
  );
}

export function SourcesTable(): JSX.Element {
  const answer = attribution.value;
  const head = openHead.value;
  const ofTokens = sources.value;
  const shares = answer ? (sourcesOrder.value === 'size' ? [...answer.shares].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)) : answer.shares) : [];
  const rows = [
    ...shares.map((share) => ({ name: shareName(share), value: share.value })),
    ...(answer ? [{ name: l10n.t('remainder'), value: answer.remainder }, { name: answer.rival ? l10n.t('logit difference') : l10n.t('logit'), value: answer.logit }] : []),
  ];
  return (
    <>
      <DataTable
        caption={sumText.value}
        rows={rows}
        columns={[
          { title: l10n.t('Part'), cell: ({ name }) => name, heads: true },
          { title: l10n.t('Share'), cell: ({ value }) => signedText(value, 4), value: ({ value }) => value, numeric: true },
        ]}
      />
      {head && ofTokens && (
        <DataTable
          caption={l10n.t('Layer {0}, head {1} by the tokens it looked at', head.layer, head.head)}
          rows={[...ofTokens.shares.keys()].filter((token) => ofTokens.shares[token] !== 0)}
          columns={[
            { title: l10n.t('Token'), cell: (token) => l10n.t('{0} ({1})', headLabels.value[token]?.text ?? '', token), heads: true, code: true },
            { title: l10n.t('Share'), cell: (token) => signedText(ofTokens.shares[token] ?? 0, 4), value: (token) => ofTokens.shares[token] ?? null, numeric: true },
          ]}
        />
      )}
    </>
  );
}
