/** Two models on one text: predictions side by side, and token by token how each is surprised. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { Candidate, NextAnswer } from '../../../src/protocol.ts';
import { aim } from '../../aim.ts';
import { percentText } from '../../graphs/percent.ts';
import { bitsPerCharacter } from '../../modelTokens.ts';
import { chooseModel, modelRun, modelTokens, modelsTrouble, otherAnswers, otherModel, shownAnswers, type ModelAnswers } from '../../modelsAnswers.ts';
import { decimalText } from '../../numbers.ts';
import { comparable } from '../../recurrentAnswers.ts';
import { pin, shown } from '../../store.ts';
import { DataTable } from '../../ui/dataTable.tsx';
import { Dropdown } from '../../ui/toolkit.tsx';
import { visibleLabel } from '../../visibleText.ts';
import { positionText } from '../answer.tsx';
import { probability } from '../bars.tsx';

/** Bits at which a bar is full; more is told by its number. */
const fullBits = 16;

export function ModelsToolbar(): JSX.Element {
  return (
    <div class="toolbar" role="group" aria-label={l10n.t('How the picture is made')}>
      <span class="group">
        <span class="caption">{l10n.t('Beside')}</span>
        {otherModel.value !== null && <Dropdown label={l10n.t('Another model on the same text')} value={otherModel.value} options={comparable.value.map((name) => ({ value: name, label: name }))} onChange={chooseModel} />}
      </span>
    </div>
  );
}

export function ModelsTrouble(): JSX.Element | null {
  const trouble = modelsTrouble.value;
  if (otherModel.value === null) return <p class="state muted">{l10n.t('There is no other model that goes on with a text.')}</p>;
  if (!trouble) return null;
  return (
    <p class="trouble" role="alert">
      {trouble.message}
    </p>
  );
}

const bitsOf = ({ surprisal }: ModelAnswers): Float32Array | null => (surprisal.value.state === 'ready' ? surprisal.value.last.value.bits : null);
const nextOf = ({ next }: ModelAnswers): NextAnswer | null => next.value.last?.value ?? null;

export function ModelsPicture(): JSX.Element | null {
  const info = shown.value?.info;
  if (!info || otherModel.value === null) return null;
  const [own, others] = [bitsOf(shownAnswers), bitsOf(otherAnswers)];
  return (
    <div class="models">
      <div class="models-next">
        <Expected name={info.model.name} answer={nextOf(shownAnswers)} />
        <Expected name={otherModel.value} answer={nextOf(otherAnswers)} apart={modelRun.value !== null && aim.value !== null && modelTokens.value[aim.value.position] === null} />
      </div>
      <div class="models-tokens">
        <table class="models-bits">
          <caption>{l10n.t('Surprisal of each token, in bits')}</caption>
          <thead>
            <tr>
              <th scope="col">{l10n.t('Token')}</th>
              <th scope="col">{info.model.name}</th>
              <th scope="col">{otherModel.value}</th>
            </tr>
          </thead>
          <tbody>
            {info.tokens.map((token, index) => (
              <tr key={index} data-aimed={aim.value?.position === index}>
                <th scope="row">
                  <button type="button" title={l10n.t('Look at the prediction after this token.')} onClick={() => pin({ sequence: 'text', token: index })}>
                    {visibleLabel(token.text)}
                  </button>
                </th>
                <Bits bits={own?.[index] ?? null} />
                <Bits bits={others && (modelTokens.value[index] ?? null) !== null ? (others[modelTokens.value[index] ?? 0] ?? null) : null} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Bits({ bits }: { readonly bits: number | null }): JSX.Element {
  if (bits === null || !Number.isFinite(bits)) return <td class="models-cell" />;
  return (
    <td class="models-cell">
      <span class="models-bar" style={{ '--share': `${(Math.min(1, bits / fullBits) * 100).toFixed(1)}%` }} />
      <span class="models-number">{decimalText(bits, 1)}</span>
    </td>
  );
}

function Expected({ name, answer, apart = false }: { readonly name: string; readonly answer: NextAnswer | null; readonly apart?: boolean }): JSX.Element {
  return (
    <section class="models-expected" aria-label={name}>
      <h3>{name}</h3>
      {apart ? (
        <p class="muted">{l10n.t('It cuts the text otherwise here, so it has no prediction at this place.')}</p>
      ) : (
        answer && (
          <>
            <p class="muted">{positionText(answer)}</p>
            <ol>
              {answer.top.slice(0, 5).map((candidate: Candidate) => (
                <li key={candidate.id}>
                  <span class="models-word">{visibleLabel(candidate.text)}</span>
                  <span class="models-number">{percentText(probability(candidate))}</span>
                </li>
              ))}
            </ol>
          </>
        )
      )}
    </section>
  );
}

export function ModelsCaption(): JSX.Element {
  const info = shown.value?.info;
  const other = modelRun.value;
  const [own, others] = [bitsOf(shownAnswers), bitsOf(otherAnswers)];
  const apart = modelTokens.value.filter((index) => index === null).length;
  const sentences = [
    l10n.t('Surprisal is −log₂ of the probability that a model gave the token before it came; the first has none.'),
    info && other && own && others
      ? l10n.t('Per character of the text: {0} {1} bits, {2} {3} bits.', info.model.name, decimalText(bitsPerCharacter(own, info.tokens), 2), other.model.name, decimalText(bitsPerCharacter(others, other.tokens), 2))
      : '',
    other && apart > 0 ? l10n.t('{0} tokens are cut otherwise by {1} and have no number of it.', apart, other.model.name) : '',
  ];
  return (
    <p class="picture-caption muted">
      {sentences.filter((sentence) => sentence !== '').map((sentence) => (
        <span key={sentence}>{sentence} </span>
      ))}
    </p>
  );
}

export function ModelsTable(): JSX.Element {
  const info = shown.value?.info;
  const [own, others] = [bitsOf(shownAnswers), bitsOf(otherAnswers)];
  const number = (bits: number | null | undefined): string => (bits === null || bits === undefined || !Number.isFinite(bits) ? '' : decimalText(bits, 2));
  const otherBits = (index: number): number | null => {
    const place = modelTokens.value[index] ?? null;
    return place === null ? null : (others?.[place] ?? null);
  };
  return (
    <DataTable
      caption={l10n.t('Surprisal of each token, in bits')}
      rows={info?.tokens.map((token, index) => ({ token, index })) ?? []}
      columns={[
        { title: l10n.t('Token'), cell: ({ token }) => visibleLabel(token.text), heads: true, code: true },
        { title: info?.model.name ?? '', cell: ({ index }) => number(own?.[index]), value: ({ index }) => own?.[index] ?? null, numeric: true },
        { title: otherModel.value ?? '', cell: ({ index }) => number(otherBits(index)), value: ({ index }) => otherBits(index), numeric: true },
      ]}
    />
  );
}
