/** What the model expects next: bars of the likeliest tokens after the focused one. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { Candidate, ModelInfo, NextAnswer, Predicts, Token } from '../../src/protocol.ts';
import { countText, percentText } from '../graphs/percent.ts';
import { decimalText, roughText } from '../numbers.ts';
import { expectation, next } from '../answers.ts';
import { post } from '../bridge.ts';
import { hello, output, setView, shown, tokensOf, view } from '../store.ts';
import { DataTable } from '../ui/dataTable.tsx';
import { Region } from '../ui/region.tsx';
import { Button, Dropdown } from '../ui/toolkit.tsx';
import { visibleLabel } from '../visibleText.ts';

export function Answer(): JSX.Element {
  const answer = expectation.value;
  const model = shown.value?.info.model;
  if (model?.predicts === 'nothing') return <NoAnswer model={model} />;
  return (
    <Region
      name="answer"
      title={model?.predicts === 'masked' ? l10n.t('Masked token') : l10n.t('Next token')}
      actions={<TopChoice />}
      {...(answer ? { table: () => <NextTable answer={answer} /> } : {})}
    >
      <div class="answer-body" aria-busy={next.value.state === 'waiting'}>
        <AnswerBody answer={answer} />
      </div>
    </Region>
  );
}

/** A model without a head says nothing of tokens: one that does is a click away. */
function NoAnswer({ model }: { readonly model: ModelInfo }): JSX.Element {
  const other = hello.value?.models.find(({ name, kind }) => name !== model.name && (kind === 'decoder' || name === 'storyteller'));
  return (
    <Region name="answer" title={l10n.t('Prediction')}>
      <div class="answer-body">
        <p>{l10n.t('{0} predicts no tokens: its weights end with the last layer.', model.name)}</p>
        {other && (
          <p>
            <Button onClick={() => post({ type: 'model', name: other.name })}>{l10n.t('Show with {0}', other.name)}</Button>
          </p>
        )}
      </div>
    </Region>
  );
}

function AnswerBody({ answer }: { readonly answer: NextAnswer | null }): JSX.Element | null {
  const { value } = next;
  if (value.state === 'failed') return <p class="trouble">{value.trouble.message}</p>;
  if (!answer) return <p class="muted">{l10n.t('Shown as soon as the last layer has been computed.')}</p>;
  return (
    <>
      <p class="answer-position">{positionText(answer)}</p>
      <Bars answer={answer} />
      <p class="muted">{entropyText(answer)}</p>
      {maskHint(answer)}
    </>
  );
}

/** Which position the answer is about: never left to be guessed. */
function positionText(answer: NextAnswer): string {
  const written = output.value;
  const tokens = tokensOf(written ? 'output' : 'text');
  const token = tokens[answer.position];
  const text = visibleLabel(token?.text ?? '');
  if (answer.predicts === 'masked') return maskedText(text, token, answer.position);
  if (written && answer.position === 0) return l10n.t('First token of the output, after “{0}” ({1})', text, answer.position);
  if (written) return l10n.t('In the output after “{0}” ({1})', text, answer.position);
  const window = shown.value?.info.window;
  if (!window || answer.position < tokens.length - 1) return l10n.t('After “{0}” ({1})', text, answer.position);
  return window.end < window.total
    ? l10n.t('After the last token of this part, “{0}” ({1})', text, answer.position)
    : l10n.t('After the last token, “{0}” ({1})', text, answer.position);
}

function maskedText(text: string, token: Token | undefined, position: number): string {
  if (token?.origin === 'special') return l10n.t('In place of the mask “{0}” ({1})', text, position);
  if (token?.origin === 'added') return l10n.t('At “{0}” ({1}), which is asked about as it is', text, position);
  return l10n.t('In place of “{0}” ({1}) when it is masked', text, position);
}

/** How to leave a gap, in a text that has none. */
function maskHint({ predicts }: NextAnswer): JSX.Element | null {
  const { mask = null } = shown.value?.info.model ?? {};
  if (predicts !== 'masked' || mask === null || tokensOf('text').some(({ origin, text }) => origin === 'special' && text.trim() === mask)) return null;
  return <p class="muted">{l10n.t('Write {0} in the text to leave a gap for good.', mask)}</p>;
}

/** 2 to the entropy is the number of equally likely tokens with the same entropy (perplexity). */
function entropyText(answer: NextAnswer): string {
  return l10n.t('Entropy {0} bits: as open as a choice among {1} equally likely tokens.', decimalText(answer.entropy, 2), roughText(2 ** answer.entropy));
}

function probability(candidate: Candidate): number {
  return Math.exp(candidate.logProbability);
}

/** Bars are to one scale: the longest is full. */
function Bars({ answer }: { readonly answer: NextAnswer }): JSX.Element {
  const { actual, rest, top } = answer;
  const longest = Math.max(rest, ...top.map(probability));
  const outside = actual && !top.some((candidate) => candidate.id === actual.id) ? actual : null;
  return (
    <ol class="bars" aria-label={positionText(answer)}>
      {top.map((candidate) => (
        <Bar key={candidate.id} candidate={candidate} longest={longest} follows={candidate.id === actual?.id} predicts={answer.predicts} />
      ))}
      <li class="bar rest" title={l10n.t('All tokens that are not listed, together.')}>
        <span class="bar-rank" />
        <span class="bar-label">{l10n.t('everything else')}</span>
        <BarLine share={rest} longest={longest} />
      </li>
      {outside && <Bar candidate={outside} longest={longest} follows predicts={answer.predicts} />}
    </ol>
  );
}

interface BarProps {
  readonly candidate: Candidate;
  readonly longest: number;
  /** The token is the one that the text has. */
  readonly follows: boolean;
  readonly predicts: Predicts;
}

function Bar({ candidate, longest, follows, predicts }: BarProps): JSX.Element {
  return (
    <li class={follows ? 'bar follows' : 'bar'} title={candidateText(candidate, follows, predicts)}>
      <span class="bar-rank">{countText(candidate.rank)}</span>
      <span class="bar-label code">{visibleLabel(candidate.text)}</span>
      {follows && <span class="bar-mark">{predicts === 'masked' ? l10n.t('stands there') : l10n.t('follows')}</span>}
      <BarLine share={probability(candidate)} longest={longest} />
    </li>
  );
}

function BarLine({ share, longest }: { readonly share: number; readonly longest: number }): JSX.Element {
  return (
    <>
      <span class="bar-value">{percentText(share)}</span>
      <span class="bar-fill" aria-hidden="true" style={{ '--share': `${((share / longest) * 100).toFixed(2)}%` }} />
    </>
  );
}

function candidateText(candidate: Candidate, follows: boolean, predicts: Predicts): string {
  const facts = l10n.t(
    'Rank {0}, probability {1}, log-probability {2}, logit {3}, id {4}.',
    countText(candidate.rank),
    percentText(probability(candidate)),
    decimalText(candidate.logProbability, 2),
    decimalText(candidate.logit, 2),
    candidate.id,
  );
  if (!follows) return facts;
  const there = predicts === 'masked' ? l10n.t('This token really stands there in the text.') : l10n.t('This token really follows in the text.');
  return `${there}\n${facts}`;
}

const topChoices = ['5', '10', '20', '50'] as const;

function TopChoice(): JSX.Element {
  const value = topChoices.find((top) => Number(top) >= view.value.top) ?? '10';
  return (
    <Dropdown
      label={l10n.t('Tokens listed')}
      value={value}
      options={topChoices.map((top) => ({ value: top, label: l10n.t('Top {0}', top) }))}
      onChange={(top) => setView({ top: Number(top) })}
    />
  );
}

function NextTable({ answer }: { readonly answer: NextAnswer }): JSX.Element {
  const { actual, top } = answer;
  const rows = actual && !top.some((candidate) => candidate.id === actual.id) ? [...top, actual] : top;
  return (
    <>
      <DataTable
        caption={positionText(answer)}
        rows={rows}
        columns={[
          { title: l10n.t('Token'), cell: (row) => visibleLabel(row.text), heads: true, code: true },
          { title: l10n.t('Rank'), cell: (row) => countText(row.rank), numeric: true },
          { title: l10n.t('Probability'), cell: (row) => percentText(probability(row)), numeric: true },
          { title: l10n.t('Log-prob.'), cell: (row) => decimalText(row.logProbability, 2), numeric: true },
          { title: l10n.t('Logit'), cell: (row) => decimalText(row.logit, 2), numeric: true },
          { title: l10n.t('Id'), cell: (row) => String(row.id), numeric: true },
          { title: answer.predicts === 'masked' ? l10n.t('Stands there') : l10n.t('Follows'), cell: (row) => (row.id === actual?.id ? l10n.t('yes') : '') },
        ]}
      />
      <p class="muted">{l10n.t('Everything else: {0}.', percentText(answer.rest))}</p>
      <p class="muted">{entropyText(answer)}</p>
    </>
  );
}
