/** Above the page of a probe file: why it cannot be read, or what is no longer as it was saved. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ProbeDifference, Trouble } from '../../../src/protocol.ts';
import { post } from '../../bridge.ts';
import { decimalText } from '../../numbers.ts';
import { probe } from '../../probe.ts';
import { run } from '../../store.ts';
import { DataTable } from '../../ui/dataTable.tsx';
import { Button } from '../../ui/toolkit.tsx';
import { visibleLabel } from '../../visibleText.ts';

/** Nothing in a panel, and where all is as it was. */
export function ProbeBanner(): JSX.Element | null {
  const shown = probe.value;
  if (!shown) return null;
  const { file, trouble, differences } = shown;
  if (trouble) return <Unreadable file={file} trouble={trouble} />;
  return differences && differences.length > 0 ? <Differences file={file} differences={differences} /> : null;
}

function Unreadable({ file, trouble }: { readonly file: string; readonly trouble: Trouble }): JSX.Element {
  // Where nothing is shown at all, the page itself says why.
  const alone = run.value.state !== 'failed' || run.value.trouble.message !== trouble.message;
  return (
    <section class="probe-banner" role="alert" aria-label={l10n.t('The probe file')}>
      {alone && (
        <p>
          <strong>{trouble.message}</strong> {trouble.help}
        </p>
      )}
      {alone && <p>{l10n.t('What is shown is what {0} said last, and what is done here is not written to it.', file)}</p>}
      <p class="probe-actions">
        <Button onClick={() => post({ type: 'probe', action: 'text' })}>{l10n.t('Open as Text')}</Button>
      </p>
    </section>
  );
}

function Differences({ file, differences }: { readonly file: string; readonly differences: readonly ProbeDifference[] }): JSX.Element {
  return (
    <section class="probe-banner" role="status" aria-label={l10n.t('What differs from when the probe was saved')}>
      <p>
        <strong>{isOtherModel(differences) ? l10n.t('The model is not the one that {0} was saved with.', file) : l10n.t('What {0} gives is not what it gave when it was saved.', file)}</strong>{' '}
        {differences.every(isOfModel) ? l10n.t('The prediction is the same.') : l10n.t('The file keeps its numbers until you replace them.')}
      </p>
      <DataTable
        caption={l10n.t('What differs from when the probe was saved')}
        rows={differences}
        columns={[
          { title: l10n.t('What'), cell: nameOf, heads: true },
          { title: l10n.t('Saved'), cell: (difference) => valueText(difference.saved), numeric: true, code: true },
          { title: l10n.t('Now'), cell: (difference) => valueText(difference.now), numeric: true, code: true },
        ]}
      />
      <p class="probe-actions">
        <Button onClick={() => post({ type: 'probe', action: 'accept' })}>{l10n.t('Replace by What It Gives Now')}</Button>
        <Button onClick={() => post({ type: 'probe', action: 'text' })}>{l10n.t('Open as Text')}</Button>
      </p>
    </section>
  );
}

const isOfModel = ({ what }: ProbeDifference): boolean => what === 'fingerprint' || what === 'kind' || what === 'precision';
const isOtherModel = (differences: readonly ProbeDifference[]): boolean => differences.some(isOfModel);

function nameOf(difference: ProbeDifference): string {
  switch (difference.what) {
    case 'fingerprint':
      return l10n.t('Fingerprint of the model');
    case 'kind':
      return l10n.t('Kind of the model');
    case 'precision':
      return l10n.t('Precision of the weights');
    case 'token':
      return difference.of === 'target' ? l10n.t('Token that is asked about') : l10n.t('Token that it is held against');
    case 'likeliest':
      return difference.when === 'before' ? l10n.t('Likeliest token without the experiments') : l10n.t('Likeliest token with the experiments');
    case 'logProbability': {
      const token = visibleLabel(difference.token);
      return difference.when === 'before' ? l10n.t('Log-probability of “{0}” without the experiments', token) : l10n.t('Log-probability of “{0}” with the experiments', token);
    }
    case 'divergence':
      return l10n.t('Divergence of the whole prediction, bits');
    default:
      return difference satisfies never;
  }
}

/** So many characters of a fingerprint tell two apart. */
const shortest = 12;

function valueText(value: string | number): string {
  if (typeof value === 'number') return decimalText(value, 4);
  return /^[0-9a-f]{64}$/.test(value) ? value.slice(0, shortest) : visibleLabel(value);
}
