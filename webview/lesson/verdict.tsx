/** What came of a check: that it is met and what was measured, what helps on, or why it cannot be decided. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { Measured } from '../../src/protocol.ts';
import { Icon } from '../ui/icons.tsx';
import { ProgressRing } from '../ui/toolkit.tsx';
import { Inlines } from './inlines.tsx';
import type { Checking } from './lessonStore.ts';

/** @param guessed the answer was a guess, and what was measured is told in any case */
export function VerdictText({ checking, guessed }: { readonly checking: Checking; readonly guessed: boolean }): JSX.Element | null {
  if (checking.state === 'open') return null;
  if (checking.state === 'checking') {
    return (
      <p class="checking">
        <ProgressRing label={l10n.t('Measuring')} />
        <span>{l10n.t('Measuring on the model…')}</span>
      </p>
    );
  }
  const { verdict } = checking;
  switch (verdict.state) {
    case 'passed':
      return (
        <div class="told passed">
          <p class="told-head"><Icon name="done" />{l10n.t('That is right.')}</p>
          <Measurements measured={verdict.measured} />
        </div>
      );
    case 'hint':
      return (
        <div class="told hint">
          <p class="told-head"><Icon name="hint" />{guessed ? l10n.t('Not quite.') : l10n.t('Not yet.')}</p>
          {verdict.hint.length > 0 && <p><Inlines parts={verdict.hint} /></p>}
          <Measurements measured={verdict.measured} />
        </div>
      );
    case 'failed':
      return (
        <div class="told failed">
          <p class="told-head">{verdict.trouble.message}</p>
          <p>{verdict.trouble.help}</p>
        </div>
      );
    default:
      return verdict satisfies never;
  }
}

function Measurements({ measured }: { readonly measured: readonly Measured[] }): JSX.Element | null {
  if (measured.length === 0) return null;
  return (
    <dl class="measured">
      {measured.map(({ what, value, wanted }) => (
        <div key={what}>
          <dt>
            {what}
            {wanted !== null && <span class="measured-wanted">{wanted}</span>}
          </dt>
          <dd><strong>{value}</strong></dd>
        </div>
      ))}
    </dl>
  );
}
