/** The experiments: named, switched over, by zero or by mean, taken out. */
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { Experiment, Replacement } from '../../../src/protocol.ts';
import { experimentLabel } from '../../experimentLabel.ts';
import { faultOf, trouble } from '../../experimentRun.ts';
import { experiments, remove, rename, replaceBy, toggle } from '../../experiments.ts';
import { shown, tokensOf } from '../../store.ts';
import { Choice } from '../../ui/choice.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Button } from '../../ui/toolkit.tsx';

/** UTF-16 units of a name. */
const longestName = 200;

export function ExperimentList(): JSX.Element {
  const single = experiments.value.some(({ intervention }) => faultOf(intervention));
  return (
    <>
      <ul class="experiment-list" aria-label={l10n.t('Experiments')}>
        {experiments.value.map((experiment, at) => (
          <Entry key={at} experiment={experiment} at={at} />
        ))}
      </ul>
      {trouble.value && !single && (
        <p class="trouble" role="alert">
          {trouble.value.message}
        </p>
      )}
    </>
  );
}

/** What an experiment is called by itself. */
function ownLabel({ intervention }: Experiment): string {
  const model = shown.value?.info.model;
  return model ? experimentLabel(intervention, model, tokensOf) : '';
}

function Entry({ experiment, at }: { readonly experiment: Experiment; readonly at: number }): JSX.Element {
  const { intervention, on, name } = experiment;
  const [naming, setNaming] = useState(false);
  const label = ownLabel(experiment);
  const fault = faultOf(intervention);
  const shownName = name ?? label;
  return (
    <li class={['experiment', ...(on ? [] : ['off']), ...(fault ? ['faulty'] : [])].join(' ')}>
      <label class="experiment-name" title={name === null ? undefined : label}>
        <input type="checkbox" checked={on} aria-label={l10n.t('{0}: switched off', shownName)} onChange={() => toggle(at)} />
        {naming ? <NameField name={name ?? ''} label={label} onName={(next) => rename(at, next)} onLeave={() => setNaming(false)} /> : <span>{shownName}</span>}
      </label>
      <span class="experiment-tools">
        {'by' in intervention && <ByChoice by={intervention.by} onChange={(by) => replaceBy(at, by)} />}
        <Button appearance="icon" label={l10n.t('Name {0}', shownName)} onClick={() => setNaming(true)}>
          <Icon name="name" />
        </Button>
        <Button appearance="icon" label={l10n.t('Remove {0}', shownName)} onClick={() => remove(at)}>
          <Icon name="clear" />
        </Button>
      </span>
      {fault && (
        <p class="trouble" role="alert">
          {fault.message}
        </p>
      )}
    </li>
  );
}

function ByChoice({ by, onChange }: { readonly by: Replacement; readonly onChange: (by: Replacement) => void }): JSX.Element {
  return (
    <Choice
      label={l10n.t('What stands in its place')}
      value={by}
      options={[
        { value: 'zero', label: l10n.t('zero'), title: l10n.t('Nothing stands in its place.') },
        { value: 'mean', label: l10n.t('mean'), title: l10n.t('Its mean over all positions of this text stands in its place.') },
      ]}
      onChange={onChange}
    />
  );
}

interface NameFieldProps {
  readonly name: string;
  readonly label: string;
  readonly onName: (name: string) => void;
  readonly onLeave: () => void;
}

/** Enter and leaving keep the name, Escape does not. */
function NameField({ name, label, onName, onLeave }: NameFieldProps): JSX.Element {
  const given = useRef(false);
  const end = (value: string | null): void => {
    if (given.current) return;
    given.current = true;
    if (value !== null && value !== name) onName(value);
    onLeave();
  };
  return (
    <input
      type="text"
      class="name-field"
      maxLength={longestName}
      placeholder={label}
      value={name}
      aria-label={l10n.t('Name of the experiment')}
      ref={(field) => field?.focus()}
      onClick={(event) => event.preventDefault()}
      onBlur={(event) => end(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') end(event.currentTarget.value);
        else if (event.key === 'Escape') end(null);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
