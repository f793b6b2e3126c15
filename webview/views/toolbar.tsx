/** How the picture is made: whose attention, how much of it, and how it is laid out. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { AttentionInfo, AttentionPart, ModelInfo } from '../../src/protocol.ts';
import { percentText } from '../graphs/percent.ts';
import { measureOf } from '../asks.ts';
import { attention, setView, view } from '../store.ts';
import { showPart, stepLayer } from '../steps.ts';
import { Choice } from '../ui/choice.tsx';
import { Icon } from '../ui/icons.tsx';
import { Slider } from '../ui/slider.tsx';
import { Button, Dropdown } from '../ui/toolkit.tsx';
import { HeadPicker } from './headPicker.tsx';
import { ShowingChoice } from './showingChoice.tsx';
import { ZoomButtons } from './zoomButtons.tsx';

export function Toolbar({ model }: { readonly model: ModelInfo }): JSX.Element | null {
  const isGraph = view.value.picture === 'graph';
  const of = attention.value;
  if (!of) return null;
  return (
    <div class="toolbar" role="group" aria-label={l10n.t('How the picture is made')}>
      <ShowingChoice />
      {model.attentions.length > 1 && <PartChoice model={model} />}
      <LayerPicker layers={of.layers} />
      {isGraph && <PercentSlider />}
      {measureOf(view.value, of) !== 'rollout' && <HeadPicker of={of} />}
      <MeasureChoice of={of} door={model.door} />
      <span class="group">
        {isGraph && <LayoutChoice within={of.queries === of.keys} />}
        <ZoomButtons />
      </span>
      {of.queries === of.keys && <DirectionChoice />}
      <UnitChoice />
      <SinkChoice />
    </div>
  );
}

/** Which of a translating model's attentions. */
export function PartChoice({ model }: { readonly model: ModelInfo }): JSX.Element {
  return (
    <Choice
      label={l10n.t('Part of the model')}
      value={attention.value?.part ?? 'cross'}
      options={model.attentions.map(({ part }, index) => ({ value: part, label: partLabel(part), title: l10n.t('{0} (key {1})', partTitle(part), index + 1) }))}
      onChange={showPart}
    />
  );
}

export function partLabel(part: AttentionPart): string {
  switch (part) {
    case 'encoder':
      return l10n.t('Encoder');
    case 'decoder':
      return l10n.t('Decoder');
    case 'cross':
      return l10n.t('Cross');
    default:
      return part satisfies never;
  }
}

function partTitle(part: AttentionPart): string {
  switch (part) {
    case 'encoder':
      return l10n.t('How tokens of the text attend to one another.');
    case 'decoder':
      return l10n.t('How tokens of the output attend to those before them.');
    case 'cross':
      return l10n.t('How tokens of the output attend to the text.');
    default:
      return part satisfies never;
  }
}

export function LayerPicker({ layers }: { readonly layers: number }): JSX.Element {
  const { layer } = view.value;
  return (
    <span class="group layers">
      <Button appearance="icon" label={l10n.t('Previous layer (Page Up)')} disabled={layer === 0} onClick={() => stepLayer(-1)}>
        <Icon name="left" />
      </Button>
      <Dropdown
        label={l10n.t('Layer')}
        value={String(layer)}
        options={Array.from({ length: layers }, (_, index) => ({ value: String(index), label: l10n.t('Layer {0}', index) }))}
        onChange={(value) => setView({ layer: Number(value) })}
      />
      <Button appearance="icon" label={l10n.t('Next layer (Page Down)')} disabled={layer >= layers - 1} onClick={() => stepLayer(1)}>
        <Icon name="right" />
      </Button>
    </span>
  );
}

function PercentSlider(): JSX.Element {
  const share = view.value.percent / 100;
  return (
    <Slider
      label={l10n.t('Links')}
      title={l10n.t('Draws the fewest links of each row that together carry this share of its attention.')}
      value={view.value.percent}
      minimum={5}
      maximum={100}
      step={1}
      valueText={percentText(share)}
      onInput={(percent) => setView({ percent })}
    />
  );
}

/** Attention itself, or what says more of it. */
function MeasureChoice({ of, door }: { readonly of: AttentionInfo; readonly door: ModelInfo['door'] }): JSX.Element | null {
  const options = [
    { value: 'weight', label: l10n.t('Weights'), title: l10n.t('How a token spreads its attention: each row sums to 100 %.') },
    // An exported graph does not give out its values.
    ...(door === 'weights' ? [{ value: 'valueNorm', label: l10n.t('Weights × values'), title: l10n.t('Attention times the length of the value that it hands on, each row scaled to 100 % (after Kobayashi and others, 2020): attention to a token of small value does little.') } as const] : []),
    ...(of.queries === of.keys ? [{ value: 'rollout', label: l10n.t('Rollout'), title: l10n.t('Attention followed back through all layers up to this one: the mean of all heads, half of it for what passes a layer by (Abnar and Zuidema, 2020).') } as const] : []),
  ] as const;
  if (options.length < 2) return null;
  return <Choice label={l10n.t('What links stand for')} value={measureOf(view.value, of)} options={options} onChange={(measure) => setView({ measure })} />;
}

function SinkChoice(): JSX.Element {
  return (
    <span class="group">
      <span class="caption">{l10n.t('First token')}</span>
      <Choice
        label={l10n.t('First token')}
        value={view.value.sink}
        options={[
          { value: 'show', label: l10n.t('Show'), title: l10n.t('Draw attention on the first token like any other.') },
          { value: 'dim', label: l10n.t('Dim'), title: l10n.t('Draw attention on the first token faintly. No number changes.') },
          { value: 'remove', label: l10n.t('Remove'), title: l10n.t('Leave the first token out and scale the rest of each row up to 100 %.') },
        ]}
        onChange={(sink) => setView({ sink })}
      />
    </span>
  );
}

function DirectionChoice(): JSX.Element {
  return (
    <Choice
      label={l10n.t('Direction')}
      value={view.value.direction}
      options={[
        { value: 'from', label: l10n.t('Attends to'), title: l10n.t('Show what the focused token attends to: its row.') },
        { value: 'to', label: l10n.t('Attended by'), title: l10n.t('Show which tokens attend to the focused one: its column.') },
      ]}
      onChange={(direction) => setView({ direction })}
    />
  );
}

function UnitChoice(): JSX.Element {
  return (
    <Choice
      label={l10n.t('Units')}
      value={view.value.unit}
      options={[
        { value: 'token', label: l10n.t('Tokens'), title: l10n.t('One unit for each token.') },
        { value: 'word', label: l10n.t('Words'), title: l10n.t('Join the pieces of a word: weights to them add up, rows of them are averaged.') },
      ]}
      onChange={(unit) => setView({ unit })}
    />
  );
}

function LayoutChoice({ within }: { readonly within: boolean }): JSX.Element {
  return (
    <Choice
      label={l10n.t('Layout')}
      value={view.value.layout}
      options={[
        { value: 'horizontal', label: l10n.t('In a line'), title: within ? l10n.t('Tokens in a line, links as arcs above.') : l10n.t('Output above, text below, links between them.'), icon: <Icon name="horizontal" /> },
        { value: 'vertical', label: l10n.t('In a column'), title: within ? l10n.t('Tokens in a column, links as arcs beside.') : l10n.t('Output left, text right, links between them.'), icon: <Icon name="vertical" /> },
      ]}
      onChange={(layout) => setView({ layout })}
    />
  );
}
