/** What is switched off, and what that does to the prediction in question. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import { canIntervene, canRedo, canUndo, clear, experiments, redo, undo } from '../../experiments.ts';
import { viewItems } from '../../experimentMenu.ts';
import { fallenAway, shown } from '../../store.ts';
import { Icon } from '../../ui/icons.tsx';
import { openMenuBelow } from '../../ui/menu.tsx';
import { Region } from '../../ui/region.tsx';
import { Button } from '../../ui/toolkit.tsx';
import { ChangeTable, ChangeView } from './change.tsx';
import { RewriteToggle } from '../rewritten.tsx';
import { ExperimentList } from './list.tsx';

export function Experiments(): JSX.Element {
  const some = experiments.value.length > 0;
  return (
    <Region name="experiments" title={l10n.t('What if')} actions={canIntervene.value && <Actions some={some} />} {...(some ? { table: () => <ChangeTable /> } : {})}>
      <div class="experiments-body">
        <FallenAway />
        {canIntervene.value ? some ? <Some /> : <Beginning /> : <p class="muted">{l10n.t('This model runs as an exported graph: nothing in it can be switched off.')}</p>}
      </div>
    </Region>
  );
}

function Actions({ some }: { readonly some: boolean }): JSX.Element {
  return (
    <span class="group">
      <button
        type="button"
        class="toggle menu-button"
        aria-haspopup="menu"
        title={l10n.t('Switch off what is looked at: heads, parts of the layer, the positions, the token in focus.')}
        onClick={(event) => openMenuBelow(l10n.t('Switch off'), [...viewItems(), ...(some ? [{ label: l10n.t('Remove all experiments'), onChoose: clear }] : [])], event.currentTarget)}
      >
        {l10n.t('Switch off …')}
      </button>
      <Button appearance="icon" label={l10n.t('Undo (Ctrl+Z)')} disabled={!canUndo.value} onClick={undo}>
        <Icon name="undo" />
      </Button>
      <Button appearance="icon" label={l10n.t('Redo (Ctrl+Shift+Z)')} disabled={!canRedo.value} onClick={redo}>
        <Icon name="redo" />
      </Button>
    </span>
  );
}

function Some(): JSX.Element {
  return (
    <>
      <ExperimentList />
      <RewriteToggle />
      {shown.value?.info.model.predicts === 'nothing' ? (
        <p class="muted">{l10n.t('{0} predicts no tokens: what the experiments change is seen in the pictures.', shown.value.info.model.name)}</p>
      ) : (
        <ChangeView />
      )}
    </>
  );
}

/** What another text or model has no place for. */
function FallenAway(): JSX.Element | null {
  const count = fallenAway.value.length;
  if (count === 0) return null;
  return (
    <p class="muted" role="status">
      {count === 1 ? l10n.t('1 experiment does not fit this text and model: it was taken out.') : l10n.t('{0} experiments do not fit this text and model: they were taken out.', count)}
    </p>
  );
}

/** How to begin. */
function Beginning(): JSX.Element {
  return (
    <p class="muted">
      {l10n.t('What if the model had no such head, link or token? Right-click one to switch it off; the prediction before and after stands here. By keys: X for the heads that are looked at, Delete for the token in focus, Shift+F10 for more.')}
    </p>
  );
}
