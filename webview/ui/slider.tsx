/** A number from a range. The toolkit has no slider: this is the browser's own, in theme colours. */
import type { JSX } from 'preact';

export interface SliderProps {
  readonly label: string;
  readonly title: string;
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
  /** The value in words, for the label beside it and for screen readers. */
  readonly valueText: string;
  readonly onInput: (value: number) => void;
}

export function Slider({ label, title, value, minimum, maximum, step, valueText, onInput }: SliderProps): JSX.Element {
  return (
    <label class="slider" title={title}>
      <span class="caption">{label}</span>
      <input
        type="range"
        min={minimum}
        max={maximum}
        step={step}
        value={value}
        aria-label={label}
        aria-valuetext={valueText}
        onInput={(event) => onInput(event.currentTarget.valueAsNumber)}
      />
      <output>{valueText}</output>
    </label>
  );
}
