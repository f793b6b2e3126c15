/** What stands around a head's steps: which head, in what order; and the same in words and as a table. */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { HeadStepsAnswer, ModelInfo } from '../../../src/protocol.ts';
import { sharingText } from '../../graphs/keyGroups.ts';
import { countText, percentText } from '../../graphs/percent.ts';
import { whoseText } from '../../graphs/sentences.ts';
import { drawnSteps, firstKey, headSteps, keysAtOnce, stepOrder, steppedHead, steppedLayer, steppedQuery, turnTo } from '../../headAnswers.ts';
import { signedText } from '../../numbers.ts';
import { attention, keys, queries, setView } from '../../store.ts';
import { Choice } from '../../ui/choice.tsx';
import { DataTable } from '../../ui/dataTable.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Button, Dropdown } from '../../ui/toolkit.tsx';
import { isAfter } from '../../vectorRun.ts';
import { AnswerTrouble } from '../answerTrouble.tsx';
import { LayerPicker, PartChoice } from '../toolbar.tsx';
import { Stepper } from './stepper.tsx';
import { StepsTable, tokenText } from './stepsTable.tsx';
import { boundTitle, scaleTitle } from './stepsText.ts';

export function HeadToolbar({ model }: { readonly model: ModelInfo }): JSX.Element | null {
  const of = attention.value;
  if (!of) return null;
  const head = steppedHead.value;
  const show = (next: number): void => setView({ heads: [next] });
  return (
    <div class="toolbar" role="group" aria-label={l10n.t('How the picture is made')}>
      {model.attentions.length > 1 && <PartChoice model={model} />}
      <LayerPicker layers={of.layers} />
      <span class="group layers">
        <Button appearance="icon" label={l10n.t('Previous head ([)')} disabled={head === 0} onClick={() => show(head - 1)}>
          <Icon name="left" />
        </Button>
        <Dropdown label={l10n.t('Head')} value={String(head)} options={Array.from({ length: of.heads }, (_, index) => ({ value: String(index), label: l10n.t('Head {0}', index) }))} onChange={(value) => show(Number(value))} />
        <Button appearance="icon" label={l10n.t('Next head (])')} disabled={head >= of.heads - 1} onClick={() => show(head + 1)}>
          <Icon name="right" />
        </Button>
      </span>
      <Choice
        label={l10n.t('Order of the keys')}
        value={stepOrder.value}
        options={[
          { value: 'text', label: l10n.t('In order'), title: l10n.t('Keys as they come in the text.') },
          { value: 'weight', label: l10n.t('Strongest first'), title: l10n.t('The key that the query looks at most comes first.') },
        ]}
        onChange={(order) => (stepOrder.value = order)}
      />
      <Pager />
    </div>
  );
}

/** Other keys than those that are shown, where there are more. */
function Pager(): JSX.Element | null {
  const answer = drawnSteps.value;
  if (!answer || answer.keys <= keysAtOnce) return null;
  const from = firstKey.value;
  const to = Math.min(answer.keys, from + answer.told.length);
  return (
    <span class="group">
      <Button appearance="icon" label={l10n.t('Keys before these')} disabled={from === 0} onClick={() => turnTo(from - keysAtOnce)}>
        <Icon name="left" />
      </Button>
      <span>{l10n.t('Keys {0}–{1} of {2}', from + 1, to, countText(answer.keys))}</span>
      <Button appearance="icon" label={l10n.t('Keys after these')} disabled={to >= answer.keys} onClick={() => turnTo(from + keysAtOnce)}>
        <Icon name="right" />
      </Button>
    </span>
  );
}

export const HeadTrouble = (): JSX.Element | null => <AnswerTrouble answer={headSteps.value} />;

export function HeadPicture(): JSX.Element {
  const [read, setRead] = useState<string | null>(null);
  const scroll = useRef<HTMLDivElement>(null);
  const answer = drawnSteps.value;
  useLayoutEffect(() => {
    if (scroll.current) showStepped(scroll.current);
  }, [answer]);
  if (!answer) return <p class="state muted">{headSteps.value.state === 'failed' ? '' : l10n.t('The head is being computed.')}</p>;
  return (
    <div class="head-steps">
      <div class="steps-scroll" ref={scroll} tabIndex={0} role="region" aria-label={headSentence(answer)}>
        <StepsTable answer={answer} read={setRead} />
      </div>
      <p class="strip-reading muted" aria-hidden="true">
        {read ?? l10n.t('Point at a strip to read its numbers; click a key to go through its product.')}
      </p>
      <Stepper answer={answer} />
    </div>
  );
}

/** Scrolls until the row that is gone through is seen between the table's head and foot. */
function showStepped(box: HTMLElement): void {
  const row = box.querySelector('.stepped')?.getBoundingClientRect();
  const [top, bottom] = [box.querySelector('thead')?.getBoundingClientRect().bottom, box.querySelector('tfoot')?.getBoundingClientRect().top];
  if (!row || top === undefined || bottom === undefined) return;
  if (row.top < top) box.scrollTop -= top - row.top;
  else if (row.bottom > bottom) box.scrollTop += row.bottom - bottom;
}

/** Which head looks where, in one sentence. */
export function headSentence(answer: HeadStepsAnswer): string {
  const of = attention.value;
  const which = whoseText(of && (of.queries !== of.keys || queries.value === 'output') ? of.part : null, steppedLayer.value, [steppedHead.value], false);
  const most = answer.pattern.indexOf(Math.max(...answer.pattern));
  return l10n.t('In {0}, {1} looks most at {2}, with {3} of its weight.', which, tokenText(queries.value, steppedQuery.value ?? 0), tokenText(keys.value, answer.told[most] ?? 0), percentText(answer.pattern[most] ?? 0));
}

export function HeadCaption(): JSX.Element {
  const answer = drawnSteps.value;
  const of = attention.value;
  const sentences = answer && of ? [headSentence(answer), maskText(answer), answer.turned ? l10n.t('This model turns q and k by the token’s position (rotary) before they are multiplied; they are shown turned.') : '', boundText(answer), biasText(answer), restText(answer), sharingText(of), isAfter.value ? l10n.t('This is the run with experiments.') : ''] : [];
  return (
    <p class="picture-caption muted">
      {sentences.filter((sentence) => sentence !== '').map((sentence) => (
        <span key={sentence}>{sentence} </span>
      ))}
    </p>
  );
}

function maskText({ keys: all, visible }: HeadStepsAnswer): string {
  const hidden = all - visible;
  if (hidden === 0) return '';
  return hidden === 1 ? l10n.t('1 key is masked: its score is −∞, so its weight is 0.') : l10n.t('{0} keys are masked: their score is −∞, so their weight is 0.', countText(hidden));
}

const boundText = ({ softcap }: HeadStepsAnswer): string => (softcap === null ? '' : l10n.t('Scores are squeezed under a bound: c · tanh(score ÷ c), with c = {0}.', String(softcap)));

const biasText = ({ added }: HeadStepsAnswer): string => (added === null || isAfter.value ? '' : l10n.t('Instead of positions in the vectors, this model adds a learned bias for the distance between query and key.'));

/** What the keys that are not shown have. */
function restText({ keys: all, told, pattern }: HeadStepsAnswer): string {
  if (told.length === all) return '';
  return l10n.t('The keys that are shown have {0} of the weight.', percentText(pattern.reduce((sum, weight) => sum + weight, 0)));
}

export function HeadTable(): JSX.Element {
  const answer = drawnSteps.value;
  if (!answer) return <p class="state muted">{l10n.t('The head is being computed.')}</p>;
  const { told, products, scores, pattern, softcap, added, scale } = answer;
  const bound = (row: number): number => (softcap === null ? NaN : softcap * Math.tanh(((products[row] ?? 0) * scale) / softcap));
  return (
    <DataTable
      caption={headSentence(answer)}
      rows={[...told.keys()]}
      columns={[
        { title: l10n.t('Key'), cell: (row) => tokenText(keys.value, told[row] ?? 0), heads: true, code: true },
        { title: 'q · k', cell: (row) => signedText(products[row] ?? 0, 3), value: (row) => products[row] ?? null, numeric: true },
        { title: scaleTitle(answer), cell: (row) => signedText((products[row] ?? 0) * scale, 3), value: (row) => (products[row] ?? 0) * scale, numeric: true },
        ...(softcap === null ? [] : [{ title: boundTitle(softcap), cell: (row: number) => signedText(bound(row), 3), value: bound, numeric: true }]),
        ...(added ? [{ title: l10n.t('+ bias'), cell: (row: number) => (scores[row] === -Infinity ? '' : signedText(added[row] ?? 0, 3)), numeric: true }] : []),
        { title: l10n.t('score'), cell: (row) => (scores[row] === -Infinity ? '−∞' : signedText(scores[row] ?? 0, 3)), value: (row) => scores[row] ?? null, numeric: true },
        { title: 'e^(score − max)', cell: (row) => String(Number(Math.exp((scores[row] ?? -Infinity) - answer.largest).toPrecision(3))), value: (row) => Math.exp((scores[row] ?? -Infinity) - answer.largest), numeric: true },
        { title: l10n.t('softmax'), cell: (row) => percentText(pattern[row] ?? 0), value: (row) => pattern[row] ?? null, numeric: true },
      ]}
    />
  );
}
