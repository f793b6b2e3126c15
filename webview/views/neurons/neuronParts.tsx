/** Neurons of one layer at one token: how strong each is, which tokens it pushes up and down, and a switch for it. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { ModelInfo, NeuronAnswer, PushedToken } from '../../../src/protocol.ts';
import { isOn } from '../../experimentList.ts';
import { experiments, switchOff } from '../../experiments.ts';
import { countText } from '../../graphs/percent.ts';
import { neuronCounts, neuronOff, neurons, neuronsDrawn, neuronsListed } from '../../neuronAnswers.ts';
import { signedText } from '../../numbers.ts';
import { tokensOf } from '../../store.ts';
import { Choice } from '../../ui/choice.tsx';
import { DataTable } from '../../ui/dataTable.tsx';
import { Toggle } from '../../ui/toggle.tsx';
import { isAfter } from '../../vectorRun.ts';
import { visibleLabel } from '../../visibleText.ts';
import { AnswerTrouble } from '../answerTrouble.tsx';
import { LayerPicker } from '../toolbar.tsx';

export function NeuronToolbar({ model }: { readonly model: ModelInfo }): JSX.Element {
  return (
    <div class="toolbar" role="group" aria-label={l10n.t('How the picture is made')}>
      <LayerPicker layers={model.layers} />
      <span class="group">
        <span class="caption">{l10n.t('Neurons')}</span>
        <Choice
          label={l10n.t('How many neurons')}
          value={neuronsListed.value}
          options={neuronCounts.map((value) => ({ value, label: value, title: l10n.t('The {0} strongest neurons.', value) }))}
          onChange={(count) => (neuronsListed.value = count)}
        />
      </span>
    </div>
  );
}

export const NeuronTrouble = (): JSX.Element | null => <AnswerTrouble answer={neurons.value} />;

export function NeuronPicture(): JSX.Element {
  const drawn = neuronsDrawn.value;
  if (!drawn) return <p class="state muted">{neurons.value.state === 'failed' ? '' : l10n.t('The neurons are being computed.')}</p>;
  const strongest = Math.max(...drawn.answer.neurons.map(({ activation }) => Math.abs(activation)));
  return (
    <div class="neurons-scroll" tabIndex={0} role="region" aria-label={neuronSentence()} aria-busy={neurons.value.state === 'waiting'}>
      <table class="neurons">
        <caption class="visually-hidden">{neuronSentence()}</caption>
        <colgroup>
          <col class="number-column" />
          <col class="activation-column" />
          <col />
          <col />
          <col class="switch-column" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">{l10n.t('Neuron')}</th>
            <th scope="col">{l10n.t('Activation')}</th>
            <th scope="col">{l10n.t('Promotes')}</th>
            <th scope="col">{l10n.t('Suppresses')}</th>
            <th scope="col">
              <span class="visually-hidden">{l10n.t('Experiment')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {drawn.answer.neurons.map((one) => (
            <Row key={one.neuron} one={one} layer={drawn.layer} strongest={strongest} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ one, layer, strongest }: { readonly one: NeuronAnswer; readonly layer: number; readonly strongest: number }): JSX.Element {
  const { neuron, activation, promotes, suppresses } = one;
  const off = neuronOff(layer, neuron);
  const isOff = isOn(experiments.value, off);
  return (
    <tr class={isOff ? 'off' : undefined}>
      <th scope="row">{neuron}</th>
      <td class={activation < 0 ? 'activation below' : 'activation'} style={{ '--share': `${((100 * Math.abs(activation)) / (strongest || 1)).toFixed(1)}%` }}>
        {signedText(activation, 2)}
      </td>
      <td>
        <Pushed tokens={promotes} />
      </td>
      <td>
        <Pushed tokens={suppresses} />
      </td>
      <td>
        <Toggle pressed={isOff} title={l10n.t('An experiment: neuron {0} of layer {1} is set to zero at every token.', neuron, layer)} onClick={() => switchOff(off)}>
          {l10n.t('Off')}
        </Toggle>
      </td>
    </tr>
  );
}

function Pushed({ tokens }: { readonly tokens: readonly PushedToken[] }): JSX.Element {
  return (
    <ul class="pushed-tokens">
      {tokens.map(({ id, text, logit }) => (
        <li key={id} title={l10n.t('It adds {0} to the logit of “{1}” (id {2}) here.', signedText(logit, 3), visibleLabel(text), id)}>
          <span class="code">{visibleLabel(text)}</span>
          <span class="pushed-logit">{signedText(logit, 2)}</span>
        </li>
      ))}
    </ul>
  );
}

function neuronSentence(): string {
  const drawn = neuronsDrawn.value;
  if (!drawn) return '';
  const { answer, layer, position } = drawn;
  const text = visibleLabel(tokensOf('text')[position]?.text ?? '');
  return l10n.t('The {0} strongest of {1} neurons of layer {2} at “{3}” ({4}), and the tokens that each pushes up and down most.', answer.neurons.length, countText(answer.count), layer, text, position);
}

export function NeuronCaption(): JSX.Element {
  return (
    <p class="picture-caption muted">
      <span>{neuronSentence()} </span>
      <span>{l10n.t('What is told is what a neuron adds to logits directly, through the last norm; later layers may make something else of it.')} </span>
      {isAfter.value && <span>{l10n.t('This is the run with experiments.')}</span>}
    </p>
  );
}

export function NeuronTable(): JSX.Element {
  const list = (tokens: readonly PushedToken[]): string => tokens.map(({ text, logit }) => l10n.t('{0} ({1})', visibleLabel(text), signedText(logit, 2))).join(l10n.t(', '));
  return (
    <DataTable
      caption={neuronSentence()}
      rows={neuronsDrawn.value?.answer.neurons ?? []}
      columns={[
        { title: l10n.t('Neuron'), cell: ({ neuron }) => String(neuron), heads: true },
        { title: l10n.t('Activation'), cell: ({ activation }) => signedText(activation, 3), value: ({ activation }) => activation, numeric: true },
        { title: l10n.t('Promotes'), cell: ({ promotes }) => list(promotes), code: true },
        { title: l10n.t('Suppresses'), cell: ({ suppresses }) => list(suppresses), code: true },
      ]}
    />
  );
}
