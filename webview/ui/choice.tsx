/** One of a few: a row of joined buttons, as in the editor's find widget. The toolkit has none. */
import type { ComponentChildren, JSX } from 'preact';
import { useRef } from 'preact/hooks';

export interface ChoiceProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: string; readonly title: string; readonly icon?: ComponentChildren }[];
  readonly onChange: (value: V) => void;
}

export function Choice<V extends string>({ label, value, options, onChange }: ChoiceProps<V>): JSX.Element {
  const group = useRef<HTMLDivElement>(null);
  const step = (by: number): void => {
    const index = (options.findIndex((option) => option.value === value) + by + options.length) % options.length;
    const chosen = options[index];
    if (!chosen) return;
    onChange(chosen.value);
    const button = group.current?.children[index];
    if (button instanceof HTMLElement) button.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    step(by);
  };
  return (
    <div class="choice" role="radiogroup" aria-label={label} ref={group} onKeyDown={onKeyDown}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          class="toggle"
          role="radio"
          aria-checked={option.value === value}
          aria-label={option.icon ? option.label : undefined}
          tabIndex={option.value === value ? 0 : -1}
          title={option.title}
          onClick={() => onChange(option.value)}
        >
          {option.icon ?? option.label}
        </button>
      ))}
    </div>
  );
}
