/** Tells screen readers what changed without being asked: a run that ended, a picture that became old. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import { announced } from '../announce.ts';
import { link, output, run, type Output } from '../store.ts';

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
  const written = output.value;
  if (written) return l10n.t('{0} has written: {1}', model.name, writtenText(written));
  return model.kind === 'recurrent' ? l10n.t('States of {0} over {1} tokens are ready.', model.name, tokens.length) : l10n.t('Attention of {0} over {1} tokens is ready.', model.name, tokens.length);
}

/** Without the tokens that begin and end it. */
function writtenText({ tokens, text }: Output): string {
  const own = tokens.filter(({ origin }) => origin === 'text');
  return text.slice(own[0]?.start ?? 0, own.at(-1)?.end ?? 0).trim();
}
