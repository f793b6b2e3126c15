/** The output with the experiments, below the one without: both as text, with what is gone and what is new. */
import type { ComponentChildren, JSX } from 'preact';
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
  const { complete, changes, trouble } = now;
  const differs = complete && changes.some(({ kind }) => kind !== 'same');
  return (
    <>
      {differs && (
        <Row name={l10n.t('Before')} title={l10n.t('Without the experiments.')}>
          <span class="rewritten-pieces">{changes.map(({ kind, text }, at) => (kind === 'same' ? <span key={at}>{text}</span> : kind === 'gone' && <del key={at}>{text}</del>))}</span>
        </Row>
      )}
      <Row name={l10n.t('After')} title={l10n.t('With the experiments.')} state={stateOf(now)}>
        {trouble ? (
          <p class="trouble" role="alert">
            {trouble.message} {trouble.help}
          </p>
        ) : (
          <span class="rewritten-pieces" aria-busy={!complete}>
            {changes.map(({ kind, text }, at) => (kind === 'same' ? <span key={at}>{text}</span> : kind === 'new' && <ins key={at}>{text}</ins>))}
            {!complete && <span class="writing-cursor" aria-hidden="true" />}
          </span>
        )}
        <Button appearance="icon" label={complete || trouble ? l10n.t('Back to the output without experiments') : l10n.t('Stop writing')} onClick={() => setRewrites(false)}>
          <Icon name="clear" />
        </Button>
      </Row>
    </>
  );
}

interface RowProps {
  readonly name: string;
  readonly title: string;
  readonly state?: string;
  readonly children: ComponentChildren;
}

function Row({ name, title, state = '', children }: RowProps): JSX.Element {
  return (
    <div class="strip-row">
      <span class="strip-name" title={title}>
        {name}
        {state !== '' && <span class="strip-state">{state}</span>}
      </span>
      <div class="rewritten-text" role="group" aria-label={title}>
        {children}
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
