/** A button that stays on. */
import type { JSX } from 'preact';

export interface ToggleProps {
  readonly title: string;
  readonly pressed: boolean;
  readonly onClick: () => void;
  readonly children: string;
}

export function Toggle({ title, pressed, onClick, children }: ToggleProps): JSX.Element {
  return (
    <button type="button" class="toggle" title={title} aria-pressed={pressed} onClick={onClick}>
      {children}
    </button>
  );
}
