/** With experiments, what pictures show: without them, with them, or the difference. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import { wanted } from '../experimentRun.ts';
import { setView, view } from '../store.ts';
import { Choice } from '../ui/choice.tsx';

export function ShowingChoice(): JSX.Element | null {
  if (wanted.value.length === 0) return null;
  return (
    <Choice
      label={l10n.t('With or without the experiments')}
      value={view.value.showing}
      options={[
        { value: 'before', label: l10n.t('Before'), title: l10n.t('Without the experiments.') },
        { value: 'after', label: l10n.t('After'), title: l10n.t('With the experiments.') },
        { value: 'difference', label: l10n.t('Difference'), title: l10n.t('What the experiments change: after less before.') },
      ]}
      onChange={(showing) => setView({ showing })}
    />
  );
}
