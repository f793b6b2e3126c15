/** Tells screen readers what changed without being asked: a run that ended, a picture that became old. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import { announced } from '../announce.ts';
import { link, run } from '../store.ts';

export function Announcer(): JSX.Element {
  return (
    <>
      <div class="visually-hidden" role="status">
        {announcement()}
      </div>
      <div class="visually-hidden" aria-live="polite">
        {announced.value}
      </div>
    </>
  );
}

function announcement(): string {
  const state = run.value;
  if (link.value.stale) return l10n.t('The text has changed since this picture was made.');
  if (state.state !== 'ready') return '';
  const { model, tokens } = state.info;
  return model.kind === 'recurrent' ? l10n.t('States of {0} over {1} tokens are ready.', model.name, tokens.length) : l10n.t('Attention of {0} over {1} tokens is ready.', model.name, tokens.length);
}
