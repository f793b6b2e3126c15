/** Two phrasings in place of attention: what each comes to, which the model expects more, and both token by token. */
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { Phrasing, Phrasings } from '../../src/protocol.ts';
import { post } from '../bridge.ts';
import { countText } from '../graphs/percent.ts';
import { decimalText } from '../numbers.ts';
import { Region } from '../ui/region.tsx';
import { Button, ProgressRing } from '../ui/toolkit.tsx';
import { PhrasingPairs } from './phrasingPairs.tsx';
import { PhrasingTable } from './phrasingTable.tsx';

const close = (): void => post({ type: 'phrasings', action: 'close' });

export function ComparedPhrasings({ phrasings }: { readonly phrasings: Phrasings }): JSX.Element {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented) close();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <main class="body single">
      <Region
        name="phrasings"
        title={l10n.t('Two phrasings')}
        actions={<Button onClick={close}>{l10n.t('Close')}</Button>}
        {...(phrasings.state === 'ready' ? { table: () => <PhrasingTable both={phrasings.both} /> } : {})}
      >
        <Body phrasings={phrasings} />
      </Region>
    </main>
  );
}

function Body({ phrasings }: { readonly phrasings: Phrasings }): JSX.Element {
  switch (phrasings.state) {
    case 'reading':
      return (
        <p class="state" role="status">
          <ProgressRing label={l10n.t('Loading')} />
          <span>{l10n.t('{0} reads both phrasings…', phrasings.model)}</span>
        </p>
      );
    case 'failed':
      return (
        <div class="state failed" role="alert">
          <p class="strong">{phrasings.trouble.message}</p>
          <p>{phrasings.trouble.help}</p>
        </div>
      );
    default:
      return <Compared {...phrasings} />;
  }
}

function Compared({ model, before, both }: Extract<Phrasings, { state: 'ready' }>): JSX.Element {
  return (
    <div class="phrasings-body">
      <p class="verdict" role="status">{verdict(model, both)}</p>
      <Totals both={both} />
      <p class="muted">
        {before > 0 ? l10n.t('Both are read after the same {0} tokens, which come before the first selection.', countText(before)) : l10n.t('Nothing is read before them: the first token of each has no bits.')}{' '}
        {l10n.t('This tells how expected the words are, not how good. A longer text takes more bits: bits per word allow for that.')}
      </p>
      <PhrasingPairs both={both} />
    </div>
  );
}

/** Which of them the model expects more. */
function verdict(model: string, [first, second]: readonly [Phrasing, Phrasing]): string {
  if (first.perplexity === null || second.perplexity === null) return l10n.t('A single token with nothing before it has no bits: there is nothing to compare.');
  if (first.tokens.map(({ text }) => text).join('') === second.tokens.map(({ text }) => text).join('')) return l10n.t('Both are the same text, which takes {0} {1} bits.', model, decimalText(first.bits, 1));
  const difference = second.bits - first.bits;
  if (Math.abs(difference) < 0.05) return l10n.t('{0} expects both alike: {1} bits each.', model, decimalText(first.bits, 1));
  return difference > 0
    ? l10n.t('{0} expects the first more than the second, by {1} bits.', model, decimalText(difference, 1))
    : l10n.t('{0} expects the second more than the first, by {1} bits.', model, decimalText(-difference, 1));
}

function Totals({ both }: { readonly both: readonly [Phrasing, Phrasing] }): JSX.Element {
  const rows: readonly (readonly [string, (phrasing: Phrasing) => string])[] = [
    [l10n.t('Bits'), ({ bits }) => decimalText(bits, 1)],
    [l10n.t('Bits per word'), ({ bits, words }) => (words === 0 ? '–' : decimalText(bits / words, 2))],
    [l10n.t('Tokens'), ({ tokens }) => countText(tokens.length)],
    [l10n.t('Perplexity'), ({ perplexity }) => (perplexity === null ? '–' : perplexityText(perplexity))],
  ];
  return (
    <table class="data totals">
      <caption class="visually-hidden">{l10n.t('What each phrasing comes to')}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col" class="numeric">{l10n.t('First')}</th>
          <th scope="col" class="numeric">{both[1].from === 'clipboard' ? l10n.t('Second (clipboard)') : l10n.t('Second')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([title, cell]) => (
          <tr key={title}>
            <th scope="row">{title}</th>
            {both.map((phrasing, which) => <td key={which} class="numeric">{cell(phrasing)}</td>)}
          </tr>
        ))}
        <tr>
          <td />
          <td class="numeric"><Attend which={0} /></td>
          <td class="numeric"><Attend which={1} /></td>
        </tr>
      </tbody>
    </table>
  );
}

/** Attention of one of them, in place of both. */
function Attend({ which }: { readonly which: 0 | 1 }): JSX.Element {
  const name = which === 0 ? l10n.t('Show attention of the first phrasing') : l10n.t('Show attention of the second phrasing');
  return (
    <button type="button" class="link" title={name} aria-label={name} onClick={() => post({ type: 'phrasings', action: 'attend', which })}>
      {l10n.t('Attention')}
    </button>
  );
}

/** Three significant digits, as far as they say anything. */
const perplexityText = (value: number): string => (value >= 100 ? countText(value) : new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(value));
