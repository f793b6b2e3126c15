/** One multiplication at a time: the products of one key, the exponentials of all, or the weighted values, up to a step. */
import type { ComponentChildren, JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { HeadStepsAnswer } from '../../../src/protocol.ts';
import { percentText } from '../../graphs/percent.ts';
import { goToStep, stepCount, stepKind, stepsDone, steppedQuery, steppedRow } from '../../headAnswers.ts';
import { productStep, reachOf, rowOf, seenRows, softmaxStep, valuesStep, type StepKind } from '../../headSteps.ts';
import { decimalText, signedText } from '../../numbers.ts';
import { keys, queries } from '../../store.ts';
import { Choice } from '../../ui/choice.tsx';
import { HeatStrip } from '../../ui/heatStrip.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Slider } from '../../ui/slider.tsx';
import { Button } from '../../ui/toolkit.tsx';
import { tokenText } from './stepsTable.tsx';
import { scaleTitle } from './stepsText.ts';

export function Stepper({ answer }: { readonly answer: HeadStepsAnswer }): JSX.Element {
  const kind = stepKind.value;
  const [count, done] = [stepCount.value, stepsDone.value];
  return (
    <div class="stepper" role="group" aria-label={l10n.t('One step at a time')}>
      <div class="stepper-controls">
        <Choice label={l10n.t('What is gone through')} value={kind} options={kinds()} onChange={(next: StepKind) => (stepKind.value = next)} />
        <span class="group">
          <Button appearance="icon" label={l10n.t('One step back')} disabled={done === 0} onClick={() => goToStep(done - 1)}>
            <Icon name="left" />
          </Button>
          <Slider label={l10n.t('Step')} title={l10n.t('How far the sum has come.')} value={done} minimum={0} maximum={count} step={1} valueText={l10n.t('{0} of {1}', done, count)} onInput={goToStep} />
          <Button appearance="icon" label={l10n.t('One step on')} disabled={done >= count} onClick={() => goToStep(done + 1)}>
            <Icon name="right" />
          </Button>
        </span>
      </div>
      {kind === 'product' ? <Product answer={answer} done={done} /> : kind === 'softmax' ? <Softmax answer={answer} done={done} /> : <Values answer={answer} done={done} />}
    </div>
  );
}

const kinds = (): { readonly value: StepKind; readonly label: string; readonly title: string }[] => [
  { value: 'product', label: 'q · k', title: l10n.t('The product of the query and one key, component by component.') },
  { value: 'softmax', label: l10n.t('Softmax'), title: l10n.t('From scores to weights: the exponential of each, divided by their sum.') },
  { value: 'values', label: l10n.t('Σ weight · v'), title: l10n.t('The values, each times its weight, added up.') },
];

function Product({ answer, done }: StepProps): JSX.Element {
  const row = steppedRow.value;
  const k = rowOf(answer.k, row, answer.width);
  const { products, last, sum } = productStep(answer, row, done);
  const marked = last?.component ?? null;
  const whole = done === answer.width;
  const score = signedText(sum * answer.scale, 3);
  return (
    <Walk
      strips={[
        { name: 'q', of: tokenText(queries.value, steppedQuery.value ?? 0), strip: <HeatStrip values={answer.q} reach={reachOf(answer.q)} marked={marked} /> },
        { name: 'k', of: tokenText(keys.value, answer.told[row] ?? 0), strip: <HeatStrip values={k} reach={reachOf(k)} marked={marked} /> },
        { name: 'q × k', of: l10n.t('component by component'), strip: <HeatStrip values={products} reach={reachOf(products)} upTo={done} marked={marked} /> },
      ]}
    >
      {last && <span>{l10n.t('Component {0}: {1} × {2} = {3}.', last.component, signedText(last.q, 3), signedText(last.k, 3), signedText(last.product, 3))} </span>}
      <strong>{l10n.t('Sum so far: {0}.', signedText(sum, 3))} </strong>
      {whole && <span>{l10n.t('That is q · k; {0} makes it {1}.', scaleTitle(answer), score)}</span>}
    </Walk>
  );
}

function Softmax({ answer, done }: StepProps): JSX.Element {
  const rows = seenRows(answer);
  const { exponentials, last, sum } = softmaxStep(answer, done);
  const whole = done === rows.length;
  const all = rows.length === answer.visible;
  const exponential = exponentials[done - 1] ?? 0;
  return (
    <Walk
      strips={[{ name: 'e^', of: l10n.t('of each key that is seen; the largest is 1'), strip: <HeatStrip values={exponentials} reach={1} upTo={done} marked={last === null ? null : done - 1} /> }]}
    >
      {last !== null && (
        <span>
          {l10n.t('{0}: e^({1} − {2}) = {3}.', tokenText(keys.value, answer.told[last] ?? 0), decimalText(answer.scores[last] ?? 0, 2).replace('-', '−'), signedText(answer.largest, 2), decimalText(exponential, 4))}{' '}
        </span>
      )}
      <strong>{l10n.t('Sum so far: {0}.', decimalText(sum, 4))} </strong>
      {whole && !all && <span>{l10n.t('With the keys that are not shown: {0}.', decimalText(answer.sum, 4))} </span>}
      {last !== null && whole && <span>{l10n.t('Divided by {0}, this key gets {1}.', decimalText(answer.sum, 4), percentText(exponential / answer.sum))}</span>}
    </Walk>
  );
}

function Values({ answer, done }: StepProps): JSX.Element {
  const { last, added, sum, share } = valuesStep(answer, done);
  const reach = reachOf(answer.z, sum);
  return (
    <Walk
      strips={[
        { name: l10n.t('weight · v'), of: last === null ? '' : tokenText(keys.value, answer.told[last] ?? 0), strip: <HeatStrip values={added} reach={reach} /> },
        { name: l10n.t('sum'), of: l10n.t('so far'), strip: <HeatStrip values={sum} reach={reach} /> },
        { name: 'z', of: tokenText(queries.value, steppedQuery.value ?? 0), strip: <HeatStrip values={answer.z} reach={reach} /> },
      ]}
    >
      {last !== null && <span>{l10n.t('{0}: {1} of its value is added.', tokenText(keys.value, answer.told[last] ?? 0), percentText(answer.pattern[last] ?? 0))} </span>}
      <strong>{l10n.t('{0} of all weight is in the sum so far.', percentText(share))}</strong>
    </Walk>
  );
}

interface StepProps {
  readonly answer: HeadStepsAnswer;
  /** Steps that are done. */
  readonly done: number;
}

interface WalkProps {
  readonly strips: readonly { readonly name: string; readonly of: string; readonly strip: JSX.Element }[];
  readonly children: ComponentChildren;
}

function Walk({ strips, children }: WalkProps): JSX.Element {
  return (
    <>
      <div class="walk">
        {strips.map(({ name, of, strip }) => (
          <div key={name} class="walk-row">
            <span class="walk-name">
              {name} <span class="muted">{of}</span>
            </span>
            {strip}
          </div>
        ))}
      </div>
      <p class="walk-words" role="status">
        {children}
      </p>
    </>
  );
}
