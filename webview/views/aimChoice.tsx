/** Which prediction is in question: after which token, of which token, and held against which other. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import { aim, aimOffers, aimTrouble, useAimed, type Offer, type Offers } from '../aim.ts';
import { percentText } from '../graphs/percent.ts';
import { setView, shown, view } from '../store.ts';
import { typedToken } from '../typedToken.ts';
import { Icon } from '../ui/icons.tsx';
import { Button, Dropdown } from '../ui/toolkit.tsx';
import { visibleLabel } from '../visibleText.ts';
import { positionText } from './answer.tsx';

/** Values of the menus that are no ids. */
const unset = 'unset';
const other = 'other';

/** Where something else than a prediction is asked about: the place in words, what to do for another, and what there is to choose from. */
export interface OtherAim {
  readonly place: string;
  readonly hint: string;
  readonly offers: Offers;
  /** The target where none is chosen. */
  readonly usual: Usual;
}

interface Usual {
  readonly id: number | null;
  readonly label: string;
}

export function AimChoice({ other }: { readonly other?: OtherAim | null }): JSX.Element | null {
  useAimed();
  const at = aim.value;
  const predicts = shown.value?.info.model.predicts;
  if (!at || predicts === undefined) return null;
  const offers = other?.offers ?? aimOffers.value;
  const usual = other?.usual ?? likeliestOf(offers);
  return (
    <span class="aim" role="group" aria-label={other ? l10n.t('Which token is in question') : l10n.t('Which prediction is in question')}>
      <span class="aim-position" title={other?.hint ?? l10n.t('Pin another token to ask about another prediction.')}>{other?.place ?? positionText({ position: at.position, predicts })}</span>
      <TokenChoice which="target" offers={offers} usual={usual} />
      <TokenChoice which="rival" offers={offers} usual={usual} />
    </span>
  );
}

function TokenChoice({ which, offers, usual }: { readonly which: 'target' | 'rival'; readonly offers: Offers; readonly usual: Usual }): JSX.Element {
  const [typing, setTyping] = useState(false);
  const [note, setNote] = useState('');
  const chosen = view.value[which];
  const set = (id: number | null): void => {
    setTyping(false);
    setNote('');
    setView({ [which]: id });
  };
  const options = optionsOf(which, offers, usual);
  const name = which === 'target' ? l10n.t('Target') : l10n.t('Rival');
  return (
    <span class="group">
      <span class="caption" title={which === 'target' ? l10n.t('The token whose prediction is looked at.') : l10n.t('A token that the target is held against: what speaks for the one rather than for the other.')}>
        {name}
      </span>
      {typing ? (
        <TokenField
          label={which === 'target' ? l10n.t('Text of the target token') : l10n.t('Text of the rival token')}
          onFound={(id, told) => {
            set(id);
            setNote(told);
          }}
          onNote={setNote}
          onLeave={() => setTyping(false)}
        />
      ) : (
        <Dropdown key={options.map(({ value }) => value).join(' ')} label={name} value={chosen === null ? unset : String(chosen)} options={options} onChange={(value) => (value === other ? setTyping(true) : set(value === unset ? null : Number(value)))} />
      )}
      {chosen !== null && !typing && (
        <Button appearance="icon" label={which === 'target' ? l10n.t('Look at the likeliest token again') : l10n.t('Hold it against no token')} onClick={() => set(null)}>
          <Icon name="clear" />
        </Button>
      )}
      {note !== '' && (
        <span class="aim-note" role="status">
          {note}
        </span>
      )}
    </span>
  );
}

function likeliestOf({ top: [likeliest] }: Offers): Usual {
  return { id: likeliest?.id ?? null, label: likeliest ? l10n.t('likeliest: {0}', optionText(likeliest)) : l10n.t('likeliest') };
}

function optionsOf(which: 'target' | 'rival', { top, chosen }: Offers, usual: Usual): { readonly value: string; readonly label: string }[] {
  const id = view.value[which];
  const targetId = view.value.target ?? usual.id;
  const listed = top.filter((candidate) => which === 'target' || candidate.id !== targetId || candidate.id === id);
  const outside = chosen.filter((candidate) => candidate.id === id && !listed.some((other) => other.id === id)).slice(0, 1);
  const all = [...listed, ...outside];
  return [
    { value: unset, label: which === 'rival' ? l10n.t('none') : usual.label },
    ...all.map((candidate) => ({ value: String(candidate.id), label: optionText(candidate) })),
    // What is chosen is shown before its text is known.
    ...(id !== null && !all.some((candidate) => candidate.id === id) ? [{ value: String(id), label: l10n.t('token {0}', id) }] : []),
    { value: other, label: l10n.t('another token …') },
  ];
}

const optionText = ({ text, logProbability }: Offer): string => l10n.t('{0} · {1}', visibleLabel(text), percentText(Math.exp(logProbability)));

interface TokenFieldProps {
  readonly label: string;
  /** The token, and what is to be known of it. */
  readonly onFound: (id: number, note: string) => void;
  readonly onNote: (note: string) => void;
  readonly onLeave: () => void;
}

function TokenField({ label, onFound, onNote, onLeave }: TokenFieldProps): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const find = async (text: string): Promise<void> => {
    const run = shown.peek()?.info.run;
    const at = aim.peek();
    if (run === undefined || !at || text === '') return;
    const typed = await typedToken(run, at.position, text);
    if (shown.peek()?.info.run !== run) return;
    if (typed.state === 'failed') onNote(typed.trouble.message);
    else if (typed.state === 'nothing') onNote(l10n.t('The model has no token for this text.'));
    else onFound(typed.token.id, typed.pieces.length === 1 ? '' : l10n.t('This is {0} tokens ({1}); the first is taken.', typed.pieces.length, typed.pieces.map((piece) => visibleLabel(piece.text)).join(' · ')));
  };
  return (
    <input
      type="text"
      class="token-field"
      aria-label={label}
      placeholder={l10n.t('text, then Enter')}
      maxLength={200}
      ref={field}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void find(event.currentTarget.value);
        else if (event.key === 'Escape') onLeave();
      }}
    />
  );
}

/** Why nothing can be said of the prediction in question. */
export function AimTrouble(): JSX.Element | null {
  const trouble = aimTrouble.value;
  if (!trouble) return null;
  return (
    <p class="trouble" role="alert">
      {trouble.message}
    </p>
  );
}
