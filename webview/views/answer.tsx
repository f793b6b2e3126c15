/** What the model expects next: the likeliest tokens after the focused one, and how one of them would be drawn. */
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { Candidate, ModelInfo, NextAnswer, Token, WordCandidate } from '../../src/protocol.ts';
import { drawPlace, expectation, goesOn, next, words } from '../answers.ts';
import { post } from '../bridge.ts';
import { countText, percentText } from '../graphs/percent.ts';
import { decimalText, roughText } from '../numbers.ts';
import { ghosts, wordsAfter, type Ghosts } from '../ghosts.ts';
import type { Resource } from '../resource.ts';
import { drawAt, neutral } from '../sampling.ts';
import { hello, link, output, setView, shown, subject, tokensOf, trail, view } from '../store.ts';
import { DataTable } from '../ui/dataTable.tsx';
import { Icon } from '../ui/icons.tsx';
import { Region } from '../ui/region.tsx';
import { Toggle } from '../ui/toggle.tsx';
import { Button, Dropdown } from '../ui/toolkit.tsx';
import { visibleLabel } from '../visibleText.ts';
import { Bars, probability } from './bars.tsx';
import { ExportMenu } from './exportMenu.tsx';
import { SamplingControls } from './sampling.tsx';
import { SoftmaxSteps } from './softmaxSteps.tsx';

const tableOf = (answer: NextAnswer): JSX.Element => (ghosts.value ? <NextTable answer={ghosts.value.after} ghosts={ghosts.value} /> : <NextTable answer={answer} ghosts={null} />);

export function Answer(): JSX.Element {
  const body = useRef<HTMLDivElement>(null);
  const answer = expectation.value;
  const model = shown.value?.info.model;
  if (model?.predicts === 'nothing') return <NoAnswer model={model} />;
  return (
    <Region
      name="answer"
      title={model?.predicts === 'masked' ? l10n.t('Masked token') : l10n.t('Next token')}
      actions={
        <>
          <TopChoice />
          {answer && <ExportMenu of="prediction" label={positionText(answer)} part={body} table={() => tableOf(answer)} said={() => l10n.t('Everything else: {0}.', percentText(answer.rest))} bars={ghosts.value ? 3 : 2} />}
        </>
      }
      {...(answer ? { table: () => tableOf(answer) } : {})}
    >
      <div class="answer-body" ref={body} aria-busy={next.value.state === 'waiting'}>
        <Tools />
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
  const { sampling } = view.value;
  const place = drawPlace(shown.value?.info.run ?? 0, answer.position);
  const drawn = drawAt(place).value;
  // Until the answer to a new draw is there, nothing is said of it: the former falls on another token.
  const draw = drawn && value.last?.ask.draw === drawn.number ? drawn : null;
  const insert = inserting(answer);
  const changed = ghosts.value;
  const drawnAnswer = changed?.after ?? answer;
  return (
    <>
      <p class="answer-position">{positionText(answer)}</p>
      {sampling && <SamplingControls sampling={sampling} answer={drawnAnswer} place={place} draw={draw} insert={insert} />}
      {changed && <p class="muted">{l10n.t('With the experiments; the outlines are without them.')}</p>}
      <Bars label={positionText(answer)} answer={drawnAnswer} words={completions(changed ? wordsAfter.value : words.value)} insert={insert} ghosts={changed} />
      <p class="muted">{entropyText(drawnAnswer)}</p>
      <SoftmaxSteps answer={drawnAnswer} temperature={sampling?.temperature ?? 1} />
      {maskHint(answer)}
    </>
  );
}

/** How a candidate gets into the document: behind the token that it would follow, or in place of a masked one. */
function inserting({ position, predicts }: NextAnswer): ((text: string) => void) | null {
  const info = shown.value?.info;
  const token = info?.tokens[position];
  if (!info || !token || token.start === token.end || output.value || !subject.value?.source || link.value.stale) return null;
  return (text) => post({ type: 'insert', text, token: position, instead: predicts === 'masked' });
}

/** What completes the candidates' words, by id. */
function completions({ last }: Resource<'words'>): ReadonlyMap<number, WordCandidate> | null {
  return view.value.candidates === 'word' && last ? new Map(last.value.words.map((word) => [word.ids[0] ?? -1, word])) : null;
}

/** Which position the answer is about: never left to be guessed. */
export function positionText(answer: Pick<NextAnswer, 'position' | 'predicts'>): string {
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
  if (token && isMask(token)) return l10n.t('In place of the mask “{0}” ({1})', text, position);
  if (token?.origin === 'added') return l10n.t('At “{0}” ({1}), which is asked about as it is', text, position);
  return l10n.t('In place of “{0}” ({1}) when it is masked', text, position);
}

/** A tokenizer may take the space before a mask with it. */
function isMask({ origin, text }: Token): boolean {
  return origin === 'special' && text.trim() === shown.value?.info.model.mask;
}

/** How to leave a gap, in a text that has none. */
function maskHint({ predicts }: NextAnswer): JSX.Element | null {
  const { mask = null } = shown.value?.info.model ?? {};
  if (predicts !== 'masked' || mask === null || tokensOf('text').some(isMask)) return null;
  return <p class="muted">{l10n.t('Write {0} in the text to leave a gap for good.', mask)}</p>;
}

/** 2 to the entropy is the number of equally likely tokens with the same entropy (perplexity). */
function entropyText(answer: NextAnswer): string {
  return l10n.t('Entropy {0} bits: as open as a choice among {1} equally likely tokens.', decimalText(answer.entropy, 2), roughText(2 ** answer.entropy));
}

/** Steps through what was put in, and how candidates are shown. */
function Tools(): JSX.Element | null {
  const model = shown.value?.info.model;
  const { length, at } = trail.value;
  const { candidates, sampling } = view.value;
  if (model?.predicts !== 'next' && length < 2) return null;
  return (
    <div class="answer-tools">
      {length > 1 && (
        <>
          <Button appearance="icon" label={l10n.t('Back to the text before ({0} of {1})', at + 1, length)} disabled={at === 0} onClick={() => post({ type: 'walk', by: -1 })}>
            <Icon name="left" />
          </Button>
          <Button appearance="icon" label={l10n.t('Forward to the text after ({0} of {1})', at + 1, length)} disabled={at === length - 1} onClick={() => post({ type: 'walk', by: 1 })}>
            <Icon name="right" />
          </Button>
        </>
      )}
      {model && goesOn(model) && (
        <Toggle title={l10n.t('Show each token with the rest of its word')} pressed={candidates === 'word'} onClick={() => setView({ candidates: candidates === 'word' ? 'token' : 'word' })}>
          {l10n.t('Whole words')}
        </Toggle>
      )}
      {model?.predicts === 'next' && (
        <Toggle title={l10n.t('Show how a token would be drawn')} pressed={sampling !== null} onClick={() => setView({ sampling: sampling ? null : neutral })}>
          {l10n.t('Sampling')}
        </Toggle>
      )}
    </div>
  );
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

function NextTable({ answer, ghosts: changed }: { readonly answer: NextAnswer; readonly ghosts: Ghosts | null }): JSX.Element {
  const { actual, top } = answer;
  const listed = [...top, ...(changed?.left ?? [])];
  const rows = actual && !listed.some((candidate) => candidate.id === actual.id) ? [...listed, actual] : listed;
  const beforeOf = (id: number): number | null => {
    const was = changed?.was(id);
    return was ? probability(was) : null;
  };
  const beforeText = (id: number): string => {
    const was = beforeOf(id);
    return was === null ? '' : percentText(was);
  };
  return (
    <>
      <DataTable
        caption={positionText(answer)}
        rows={rows}
        columns={[
          { title: l10n.t('Token'), cell: (row) => visibleLabel(row.text), value: (row) => row.text, heads: true, code: true },
          { title: l10n.t('Rank'), cell: (row) => countText(row.rank), value: (row) => row.rank, numeric: true },
          ...(changed ? [{ title: l10n.t('Before'), cell: (row: Candidate) => beforeText(row.id), value: (row: Candidate) => beforeOf(row.id), numeric: true }] : []),
          { title: changed ? l10n.t('After') : l10n.t('Probability'), cell: (row) => percentText(probability(row)), value: probability, numeric: true },
          { title: l10n.t('Log-prob.'), cell: (row) => decimalText(row.logProbability, 2), value: (row) => row.logProbability, numeric: true },
          { title: l10n.t('Logit'), cell: (row) => decimalText(row.logit, 2), value: (row) => row.logit, numeric: true },
          { title: l10n.t('Id'), cell: (row) => String(row.id), value: (row) => row.id, numeric: true },
          { title: answer.predicts === 'masked' ? l10n.t('Stands there') : l10n.t('Follows'), cell: (row) => (row.id === actual?.id ? l10n.t('yes') : '') },
        ]}
      />
      <p class="muted">{l10n.t('Everything else: {0}.', percentText(answer.rest))}</p>
      <p class="muted">{entropyText(answer)}</p>
    </>
  );
}
