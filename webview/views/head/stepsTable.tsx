/** One head at one query as the table it is: a row for each key, a column for each step, the query above and the result below. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { HeadStepsAnswer } from '../../../src/protocol.ts';
import { percentText } from '../../graphs/percent.ts';
import { shortLabel } from '../../graphs/labels.ts';
import { steppedQuery, steppedRow, stepThrough } from '../../headAnswers.ts';
import { reachOf, rowOf } from '../../headSteps.ts';
import { signedText } from '../../numbers.ts';
import { focused, hover, keys, queries, tokensOf } from '../../store.ts';
import { HeatStrip } from '../../ui/heatStrip.tsx';
import { visibleLabel } from '../../visibleText.ts';
import { boundTitle, scaleTitle } from './stepsText.ts';

export interface StepsTableProps {
  readonly answer: HeadStepsAnswer;
  /** Tells a number that is pointed at. */
  readonly read: (text: string | null) => void;
}

export function StepsTable({ answer, read }: StepsTableProps): JSX.Element {
  const { width, q, z, told, softcap, added } = answer;
  const queryText = tokenText(queries.value, steppedQuery.value ?? 0);
  const reaches = { q: reachOf(q), k: reachOf(answer.k), v: reachOf(answer.v), z: reachOf(z) };
  const numbers = 3 + (softcap === null ? 0 : 1) + (added ? 1 : 0);
  const reading = (name: string, text: string, values: Float32Array) => (component: number | null) =>
    read(component === null ? null : l10n.t('{0} of {1}, component {2}: {3}', name, text, component, signedText(values[component] ?? 0, 3)));
  return (
    <table class="steps">
      <caption class="visually-hidden">{l10n.t('What the head does at {0}, step by step: one row for each key', queryText)}</caption>
      <thead>
        <tr class="steps-query">
          <th scope="row" class="code" title={queryText}>
            {queryText}
          </th>
          <td>
            <HeatStrip values={q} reach={reaches.q} onPoint={reading('q', queryText, q)} />
          </td>
          <td colSpan={numbers + 2} class="muted">
            {l10n.t('q: what the query looks for, {0} numbers', width)}
          </td>
        </tr>
        <tr>
          <th scope="col">{l10n.t('Key')}</th>
          <th scope="col">k</th>
          <th scope="col" class="numeric">q · k</th>
          <th scope="col" class="numeric">{scaleTitle(answer)}</th>
          {softcap !== null && <th scope="col" class="numeric">{boundTitle(softcap)}</th>}
          {added && <th scope="col" class="numeric">{l10n.t('+ bias')}</th>}
          <th scope="col" class="numeric">{l10n.t('score')}</th>
          <th scope="col">{l10n.t('softmax')}</th>
          <th scope="col">v</th>
        </tr>
      </thead>
      <tbody>
        {[...told].map((key, row) => (
          <KeyRow key={key} answer={answer} row={row} reaches={reaches} reading={reading} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row" class="code" title={queryText}>
            {queryText}
          </th>
          <td colSpan={numbers + 2} class="steps-result muted">
            {l10n.t('z = Σ weight · v: what the head hands on')}
          </td>
          <td>
            <HeatStrip values={z} reach={reaches.z} onPoint={reading('z', queryText, z)} />
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

interface KeyRowProps {
  readonly answer: HeadStepsAnswer;
  readonly row: number;
  readonly reaches: { readonly k: number; readonly v: number };
  readonly reading: (name: string, text: string, values: Float32Array) => (component: number | null) => void;
}

function KeyRow({ answer, row, reaches, reading }: KeyRowProps): JSX.Element {
  const { width, softcap, added, scores, pattern } = answer;
  const key = answer.told[row] ?? 0;
  const text = tokenText(keys.value, key);
  const masked = scores[row] === -Infinity;
  const [k, v] = [rowOf(answer.k, row, width), rowOf(answer.v, row, width)];
  const product = answer.products[row] ?? 0;
  const scaled = product * answer.scale;
  const weight = pattern[row] ?? 0;
  const isFocused = focused.value?.sequence === keys.value && focused.value.token === key;
  const classes = [masked && 'masked', isFocused && 'focused', row === steppedRow.value && 'stepped'].filter(Boolean).join(' ');
  return (
    <tr class={classes || undefined} onPointerEnter={() => hover({ sequence: keys.value, token: key })} onPointerLeave={() => hover(null)} onClick={() => stepThrough(key)}>
      <th scope="row">
        <button type="button" class="code" aria-pressed={row === steppedRow.value} title={l10n.t('{0}: go through its product, one multiplication at a time', text)} onClick={() => stepThrough(key)}>
          {text}
        </button>
      </th>
      <td>
        <HeatStrip values={k} reach={reaches.k} onPoint={reading('k', text, k)} />
      </td>
      <td class="numeric">{signedText(product, 2)}</td>
      <td class="numeric">{signedText(scaled, 2)}</td>
      {softcap !== null && <td class="numeric">{signedText(softcap * Math.tanh(scaled / softcap), 2)}</td>}
      {added && <td class="numeric">{masked ? '' : signedText(added[row] ?? 0, 2)}</td>}
      <td class="numeric">{masked ? <span title={l10n.t('The query may not look at this key.')}>−∞</span> : signedText(scores[row] ?? 0, 2)}</td>
      <td class="weight" style={{ '--share': `${(100 * weight).toFixed(2)}%` }}>
        <span>{percentText(weight)}</span>
      </td>
      <td>
        <HeatStrip values={v} reach={reaches.v} onPoint={reading('v', text, v)} />
      </td>
    </tr>
  );
}

/** "book (7)" */
export function tokenText(sequence: 'text' | 'output', token: number): string {
  return l10n.t('{0} ({1})', shortLabel(visibleLabel(tokensOf(sequence)[token]?.text ?? '').replace(/^␣(?=[^␣])/u, '')), token);
}
