/** The page when there is no picture: nothing asked for yet, on its way, or failed. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { Trouble } from '../../src/protocol.ts';
import { post } from '../bridge.ts';
import { Button, ProgressRing } from '../ui/toolkit.tsx';

export function Empty(): JSX.Element {
  return (
    <div class="state empty">
      <p class="muted">{l10n.t('Select text in an editor, right-click it and choose “Headlight: Show Attention”.')}</p>
      <p>
        <Button onClick={() => post({ type: 'lesson', action: 'list' })}>{l10n.t('Learn how it works: the lessons')}</Button>
      </p>
    </div>
  );
}

export function Loading({ model }: { readonly model: string }): JSX.Element {
  return (
    <p class="state" role="status">
      <ProgressRing label={l10n.t('Loading')} />
      <span>{l10n.t('Loading {0}…', model)}</span>
    </p>
  );
}

/** Failures that asking again cannot mend. */
const finalCodes: ReadonlySet<Trouble['code']> = new Set(['text.empty', 'text.binary']);

export function Failed({ trouble }: { readonly trouble: Trouble }): JSX.Element {
  const aboutModel = trouble.code.startsWith('model.');
  return (
    <div class="state failed" role="alert">
      <p class="strong">{trouble.message}</p>
      <p>{trouble.help}</p>
      <p class="state-actions">
        {!finalCodes.has(trouble.code) && (
          <Button appearance="primary" onClick={() => post({ type: 'command', command: 'retry' })}>
            {l10n.t('Retry')}
          </Button>
        )}
        {aboutModel && <Button onClick={() => post({ type: 'command', command: 'openModel' })}>{l10n.t('Choose Another Model…')}</Button>}
      </p>
    </div>
  );
}
