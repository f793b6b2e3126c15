/** The status line: which model, which part of which text, how long it took, and what is not shown. */
import type { ComponentChildren, JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { FidelityAnswer, ModelInfo, ModelKind, OfferedModel, Window } from '../../src/protocol.ts';
import { fidelity, links } from '../answers.ts';
import { post } from '../bridge.ts';
import { countText, percentText } from '../graphs/percent.ts';
import { roughText } from '../numbers.ts';
import { probe } from '../probe.ts';
import { hello, link, output, run, shown, subject, view } from '../store.ts';
import { Icon } from '../ui/icons.tsx';
import { Button, Checkbox, Dropdown } from '../ui/toolkit.tsx';
import { layersArrived, layersOf } from './layerCount.ts';

export function Status({ showKeys }: { readonly showKeys: () => void }): JSX.Element {
  const info = shown.value?.info ?? null;
  return (
    <footer class="status" aria-label={l10n.t('Status')}>
      {link.value.stale && <StaleNotice />}
      {subject.value && <ModelChoice current={subject.value.model} />}
      {info && <Item title={`${widthText(info.model)}\n${memoryText(info.model)}`}>{modelText(info.model)}</Item>}
      {info?.model.precision === '8-bit' && <PrecisionText />}
      {info && <Item>{tokensText(info.window)}</Item>}
      {info && <WindowSteps window={info.window} positions={info.model.positions} />}
      <RunText />
      <HiddenText />
      {!probe.value && (
        <Checkbox
          checked={link.value.following}
          title={l10n.t('Keep showing what is selected in the editor.')}
          onChange={() => post({ type: 'command', command: 'toggleFollow' })}
        >
          {l10n.t('Follow selection')}
        </Checkbox>
      )}
      <Button appearance="icon" label={l10n.t('Keys (?)')} onClick={showKeys}>
        <Icon name="keyboard" />
      </Button>
    </footer>
  );
}

function Item({ title, children }: { readonly title?: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <span class="item" title={title}>
      {children}
    </span>
  );
}

function StaleNotice(): JSX.Element {
  return (
    <span class="item stale">
      {l10n.t('The text has changed since.')}
      <Button onClick={() => post({ type: 'command', command: 'refresh' })}>{l10n.t('Refresh')}</Button>
    </span>
  );
}

/** The value of the entry that opens a folder; no model can have it as its name. */
const openFolder = '\u0000folder';

function ModelChoice({ current }: { readonly current: string }): JSX.Element {
  const known = hello.value?.models ?? [];
  const own = shown.value?.info.model;
  const all: readonly OfferedModel[] = known.some(({ name }) => name === current) ? known : [{ name: current, kind: null }, ...known];
  // Of the model in use the kind is known, whoever listed it.
  const options = all.map(({ name, kind }) => ({ value: name, label: nameText(name, own?.name === name ? own.kind : kind) }));
  return (
    <Dropdown
      label={l10n.t('Model')}
      value={current}
      options={[...options, { value: openFolder, label: l10n.t('Open a folder…') }]}
      onChange={(name) => post(name === openFolder ? { type: 'command', command: 'openModel' } : { type: 'model', name })}
    />
  );
}

function nameText(name: string, kind: ModelKind | null): string {
  return kind === null ? name : l10n.t('{0} ({1})', name, kindText(kind));
}

function kindText(kind: ModelKind): string {
  switch (kind) {
    case 'decoder':
      return l10n.t('decoder');
    case 'encoder':
      return l10n.t('encoder');
    case 'encoder-decoder':
      return l10n.t('encoder–decoder');
    case 'recurrent':
      return l10n.t('recurrent');
    default:
      return kind satisfies never;
  }
}

function modelText(model: ModelInfo): string {
  const { type, layers, heads, keyHeads, width, attentions } = model;
  const [encoder, decoder] = attentions;
  if (heads === 0) return l10n.t('{0}, {1} layers × {2}', type, layers, width);
  if (attentions.length > 1 && encoder && decoder) return l10n.t('{0}, {1} + {2} layers × {3} heads × {4}', type, encoder.layers, decoder.layers, heads, width);
  if (keyHeads < heads) return l10n.t('{0}, {1} layers × {2} heads ({3} of keys) × {4}', type, layers, heads, keyHeads, width);
  return l10n.t('{0}, {1} layers × {2} heads × {3}', type, layers, heads, width);
}

/** Bytes as people read them. */
function megabytes(bytes: number): string {
  return countText(Math.max(1, Math.round(bytes / 2 ** 20)));
}

function memoryText({ memory }: ModelInfo): string {
  return l10n.t('The weights take {0} MB of memory, loading and running them {1} MB at most.', megabytes(memory.weights), megabytes(memory.peak));
}

/** What 8-bit weights cost, measured on the text that is shown. */
function PrecisionText(): JSX.Element {
  const measured = fidelity.value;
  const title = l10n.t('The weights of linear layers are 8-bit numbers. What that changes was measured on this text, beside float32.');
  return <Item title={title}>{measured.last ? fidelityText(measured.last.value) : measured.state === 'waiting' ? l10n.t('8-bit: measuring what it changes…') : l10n.t('8-bit')}</Item>;
}

function fidelityText({ top1, patternError }: FidelityAnswer): string {
  if (top1 !== null && patternError !== null) return l10n.t('8-bit: top-1 agrees {0}, largest pattern error {1}', percentText(top1), roughText(patternError));
  if (top1 !== null) return l10n.t('8-bit: top-1 agrees {0}', percentText(top1));
  return patternError === null ? l10n.t('8-bit') : l10n.t('8-bit: largest pattern error {0}', roughText(patternError));
}

/** The numbers of the model that do not fit the line. */
function widthText(model: ModelInfo): string {
  if (model.kind === 'recurrent') {
    return l10n.t('The state is {0} wide. {1} tokens in the vocabulary, {2} parameters stored as {3}.', countText(model.width), countText(model.vocabulary), countText(model.parameters), model.weights);
  }
  return l10n.t(
    'The residual stream is {0} wide, each head {1}. {2} tokens in the vocabulary, {3} positions, {4} parameters stored as {5}.',
    countText(model.width),
    countText(model.headWidth),
    countText(model.vocabulary),
    countText(model.positions),
    countText(model.parameters),
    model.weights,
  );
}

/** Which tokens of the text are shown, counted from 1 as people do. */
function tokensText(window: Window): string {
  if (window.textRead < window.textLength) {
    return l10n.t('Tokens {0} to {1} of the first {2} ({3} of {4} characters were read)', countText(window.start + 1), countText(window.end), countText(window.total), countText(window.textRead), countText(window.textLength));
  }
  if (window.end - window.start < window.total) return l10n.t('Tokens {0} to {1} of {2}', countText(window.start + 1), countText(window.end), countText(window.total));
  return window.total === 1 ? l10n.t('1 token') : l10n.t('{0} tokens', countText(window.total));
}

/** The model sees only part of a long text: the part before it, and the part after. */
function WindowSteps({ window, positions }: { readonly window: Window; readonly positions: number }): JSX.Element | null {
  if (window.end - window.start >= window.total) return null;
  const go = (start: number): void => post({ type: 'window', start: Math.max(0, start) });
  return (
    <span class="item">
      <Button appearance="icon" label={l10n.t('Previous part of the text')} disabled={window.start === 0} onClick={() => go(window.start - positions)}>
        <Icon name="left" />
      </Button>
      <Button appearance="icon" label={l10n.t('Next part of the text')} disabled={window.end >= window.total} onClick={() => go(window.end)}>
        <Icon name="right" />
      </Button>
    </span>
  );
}

function RunText(): JSX.Element | null {
  const state = run.value;
  if (state.state === 'ready') {
    const { threads } = state.info.model;
    return (
      <Item>
        {threads === 1
          ? l10n.t('{0} ms, 1 thread', countText(state.milliseconds))
          : l10n.t('{0} ms, {1} threads', countText(state.milliseconds), threads)}
      </Item>
    );
  }
  if (state.state !== 'loading' || !state.info) return null;
  const written = output.value;
  if (written && !written.complete && written.tokens.length > 1) return <Item>{l10n.t('Writing: {0} tokens…', written.tokens.length - 1)}</Item>;
  return <Item>{l10n.t('Layer {0} of {1}…', layersArrived.value, layersOf(state.info.model))}</Item>;
}

function HiddenText(): JSX.Element | null {
  const answer = links.value.last?.value;
  if (view.value.picture !== 'graph' || !answer || answer.hidden === 0) return null;
  return <Item title={l10n.t('Links too weak to be among those that carry {0} % of their row.', view.value.percent)}>{l10n.t('{0} links hidden', countText(answer.hidden))}</Item>;
}
