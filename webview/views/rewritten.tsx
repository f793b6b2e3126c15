/** The output with the experiments, below the one without: as text, with what is new and what is gone. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import { canRewrite, rewrites, rewritten, setRewrites, type Rewritten as Written } from '../rewriting.ts';
import { Icon } from '../ui/icons.tsx';
import { Toggle } from '../ui/toggle.tsx';
import { Button } from '../ui/toolkit.tsx';

/** Writes again with the experiments, or goes back to the output alone. */
export function RewriteToggle(): JSX.Element | null {
  if (!canRewrite.value) return null;
  return (
    <p class="rewrite">
      <Toggle
        title={l10n.t('The model writes an output of its own with the experiments on; it stands below the one that was written without them. Pictures go on comparing what both runs make of that one.')}
        pressed={rewrites.value}
        onClick={() => setRewrites(!rewrites.value)}
      >
        {l10n.t('Write again with the experiments')}
      </Toggle>
    </p>
  );
}

export function Rewritten(): JSX.Element | null {
  const now = rewritten.value;
  if (!now) return null;
  const state = stateOf(now);
  return (
    <div class="strip-row rewritten">
      <span class="strip-name" title={l10n.t('With the experiments.')}>
        {l10n.t('After')}
        {state !== '' && <span class="strip-state">{state}</span>}
      </span>
      <div class="rewritten-text" role="group" aria-label={l10n.t('What the model writes with the experiments')} aria-busy={!now.complete && !now.trouble}>
        {now.trouble ? (
          <p class="trouble" role="alert">
            {now.trouble.message} {now.trouble.help}
          </p>
        ) : (
          <span class="rewritten-pieces">
            {now.changes.map(({ kind, text }, at) => (kind === 'same' ? <span key={at}>{text}</span> : kind === 'new' ? <ins key={at}>{text}</ins> : <del key={at}>{text}</del>))}
            {!now.complete && <span class="writing-cursor" aria-hidden="true" />}
          </span>
        )}
        <Button appearance="icon" label={now.complete || now.trouble ? l10n.t('Back to the output without experiments') : l10n.t('Stop writing')} onClick={() => setRewrites(false)}>
          <Icon name="clear" />
        </Button>
      </div>
    </div>
  );
}

function stateOf({ complete, changes, trouble }: Written): string {
  if (trouble) return '';
  if (!complete) return l10n.t('writing…');
  if (changes.every(({ kind }) => kind === 'gone')) return l10n.t('empty');
  return changes.every(({ kind }) => kind === 'same') ? l10n.t('the same') : '';
}
