/** The likeliest tokens as bars, to one scale: the longest is full. A click puts one into the document, or makes it the target or the rival. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { Candidate, NextAnswer, SamplingRule, WordCandidate } from '../../src/protocol.ts';
import type { Ghosts } from '../ghosts.ts';
import { countText, percentText } from '../graphs/percent.ts';
import { decimalText } from '../numbers.ts';
import { visibleLabel } from '../visibleText.ts';
import { BarAim } from './barAim.tsx';
import { ruleName } from './ruleName.ts';

export interface BarsProps {
  readonly label: string;
  readonly answer: NextAnswer;
  /** What completes the candidates' words, by the candidate's id, where that is wanted and known. */
  readonly words: ReadonlyMap<number, WordCandidate> | null;
  /** What was before, where experiments change it. */
  readonly ghosts?: Ghosts | null;
  /** Puts a candidate into the document; null where it cannot go there. */
  readonly insert: ((text: string) => void) | null;
}

export function Bars({ label, answer, words, insert, ghosts = null }: BarsProps): JSX.Element {
  const { actual, rest, top, sampled } = answer;
  const [stop, setStop] = useState(0);
  const outside = actual && ![...top, ...(ghosts?.left ?? [])].some((candidate) => candidate.id === actual.id) ? actual : null;
  const listed = [...top, ...(ghosts?.left ?? []), ...(outside ? [outside] : [])];
  const shares = top.map((candidate, i) => sampled?.drawn[i] ?? probability(candidate));
  const others = sampled ? Math.max(0, 1 - shares.reduce((sum, share) => sum + share, 0)) : rest;
  const were = [...top, ...(ghosts?.left ?? [])].map(({ id }) => ghosts?.before(id) ?? 0);
  const longest = Math.max(others, ...shares, ...were, ...(sampled?.tempered ?? []));
  const bar = (candidate: Candidate, share: number, rule: SamplingRule | null, tempered: number): JSX.Element => (
    <Bar
      key={candidate.id}
      candidate={candidate}
      word={words?.get(candidate.id) ?? null}
      share={share}
      rule={rule}
      tempered={tempered}
      longest={longest}
      follows={candidate.id === actual?.id}
      drawn={candidate.id === sampled?.choice?.candidate.id}
      answer={answer}
      insert={insert}
      aim={<BarAim candidate={candidate} position={answer.position} index={2 * listed.indexOf(candidate)} stop={stop < 2 * listed.length ? stop : 0} onStop={setStop} />}
      ghost={ghosts && { share: ghosts.before(candidate.id), state: ghosts.isNew(candidate.id) ? 'new' : ghosts.left.some(({ id }) => id === candidate.id) ? 'gone' : 'stays' }}
    />
  );
  return (
    <ol class="bars" aria-label={label}>
      {top.map((candidate, i) => bar(candidate, shares[i] ?? 0, sampled?.rule[i] ?? null, sampled?.tempered[i] ?? shares[i] ?? 0))}
      {ghosts?.left.map((candidate) => bar(candidate, ghosts.now(candidate), null, ghosts.now(candidate)))}
      <li class="bar rest" title={l10n.t('All tokens that are not listed, together.')}>
        <span class="bar-rank" />
        <span class="bar-label">{l10n.t('everything else')}</span>
        <span class="bar-value">{percentText(others)}</span>
        <Fill share={others} longest={longest} />
      </li>
      {outside && bar(outside, probability(outside), null, probability(outside))}
    </ol>
  );
}

export const probability = (candidate: Candidate): number => Math.exp(candidate.logProbability);

interface BarProps {
  readonly candidate: Candidate;
  readonly word: WordCandidate | null;
  /** Probability with which it is drawn. */
  readonly share: number;
  readonly rule: SamplingRule | null;
  /** Probability at the temperature, before anything is left out. */
  readonly tempered: number;
  readonly longest: number;
  readonly follows: boolean;
  readonly drawn: boolean;
  readonly answer: NextAnswer;
  readonly insert: ((text: string) => void) | null;
  /** Makes it the target or the rival. */
  readonly aim: JSX.Element;
  /** As it was before the experiments; its share null while that is not known. */
  readonly ghost: { readonly share: number | null; readonly state: 'stays' | 'new' | 'gone' } | null;
}

function Bar(props: BarProps): JSX.Element {
  const { candidate, word, share, rule, tempered, longest, follows, drawn, answer, insert, aim, ghost } = props;
  const classes = ['bar', ...(follows ? ['follows'] : []), ...(rule ? ['left-out'] : []), ...(drawn ? ['drawn'] : []), ...(ghost ? [`was-${ghost.state}`] : [])].join(' ');
  const text = word?.text ?? candidate.text;
  const inside = (
    <>
      <span class="bar-rank">{countText(candidate.rank)}</span>
      <span class="bar-label code">
        {visibleLabel(candidate.text)}
        {word && <span class="bar-completion">{visibleLabel(completion(word, candidate))}</span>}
      </span>
      {follows && <span class="bar-mark">{answer.predicts === 'masked' ? l10n.t('stands there') : l10n.t('follows')}</span>}
      {drawn && <span class="bar-mark">{l10n.t('drawn')}</span>}
      {rule && <span class="bar-mark left-out">{ruleName(rule)}</span>}
      {ghost?.state === 'new' && <span class="bar-mark came">{l10n.t('new')}</span>}
      {ghost?.state === 'gone' && <span class="bar-mark went">{l10n.t('fell out')}</span>}
      <span class="bar-value">
        {ghost && ghost.share !== null && <span class="bar-before">{l10n.t('{0} →', percentText(ghost.share))} </span>}
        {percentText(rule ? tempered : share)}
      </span>
      <Fill share={rule ? tempered : share} longest={longest} />
      {ghost && ghost.share !== null && <span class="bar-ghost" aria-hidden="true" style={{ '--share': shareText(ghost.share, longest) }} />}
    </>
  );
  const title = factsOf(props);
  if (!insert || candidate.special || !isText(text)) {
    return (
      <li class={classes} title={title}>
        {inside}
        {aim}
      </li>
    );
  }
  return (
    <li class={classes}>
      <button type="button" class="bar-button" title={`${title}\n${answer.predicts === 'masked' ? l10n.t('Click to put it in place of the token.') : l10n.t('Click to put it into the document.')}`} onClick={() => insert(text)}>
        {inside}
      </button>
      {aim}
    </li>
  );
}

/** A part of a character is no text that a document could hold. */
export const isText = (text: string): boolean => !text.includes('\uFFFD');

function Fill({ share, longest }: { readonly share: number; readonly longest: number }): JSX.Element {
  return <span class="bar-fill" aria-hidden="true" style={{ '--share': shareText(share, longest) }} />;
}

const shareText = (share: number, longest: number): string => `${(longest > 0 ? (share / longest) * 100 : 0).toFixed(2)}%`;

/** What follows the candidate in its word. */
function completion({ text, complete }: WordCandidate, candidate: Candidate): string {
  const rest = text.startsWith(candidate.text) ? text.slice(candidate.text.length) : '';
  return complete ? rest : `${rest}…`;
}

function factsOf({ candidate, word, rule, follows, tempered, share, answer, ghost }: BarProps): string {
  const facts = l10n.t(
    'Rank {0}, probability {1}, log-probability {2}, logit {3}, id {4}.',
    countText(candidate.rank),
    percentText(probability(candidate)),
    decimalText(candidate.logProbability, 2),
    decimalText(candidate.logit, 2),
    candidate.id,
  );
  const there = answer.predicts === 'masked' ? l10n.t('This token really stands there in the text.') : l10n.t('This token really follows in the text.');
  return [
    ...(follows ? [there] : []),
    facts,
    ...(answer.sampled ? [rule ? l10n.t('At this temperature {0}; left out by {1}.', percentText(tempered), ruleName(rule)) : l10n.t('Drawn with probability {0}.', percentText(share))] : []),
    ...(ghost && ghost.share !== null ? [l10n.t('Before the experiments {0}.', percentText(ghost.share))] : []),
    ...(word ? [l10n.t('The whole word “{0}”: {1}, {2} tokens.', visibleLabel(word.text), percentText(Math.exp(word.logProbability)), word.ids.length)] : []),
  ].join('\n');
}
