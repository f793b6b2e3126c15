/** The page's icons: 16 × 16 outlines in the colour of the text around them. */
import type { JSX } from 'preact';

const paths = {
  left: 'M10 3 5 8l5 5',
  right: 'm6 3 5 5-5 5',
  up: 'm3 10 5-5 5 5',
  down: 'm3 6 5 5 5-5',
  table: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11M6.5 6.5v6',
  export: 'M8 10V2.5M5 5l3-2.5L11 5M3.5 8.5v5h9v-5',
  zoomIn: 'M8 3.5v9M3.5 8h9',
  zoomOut: 'M3.5 8h9',
  fit: 'M2.5 8h11M5 5.5 2.5 8 5 10.5M11 5.5 13.5 8 11 10.5',
  horizontal: 'M2.5 12.5h11M4 12a4 5 0 0 1 8 0M4 12a2 3 0 0 1 4 0',
  vertical: 'M12.5 2.5v11M12 4a5 4 0 0 0 0 8M12 4a3 2 0 0 0 0 4',
  pin: 'M5 2.5h6M6 2.5v4L4 9.5h8l-2-3v-4M8 9.5V14',
  refresh: 'M13 8a5 5 0 1 1-1.6-3.7M13.5 2v3h-3',
  keyboard: 'M1.5 4.5h13v7h-13zM4 7h.5M7 7h.5M10 7h.5M12 7h.5M5 9.5h6',
  clear: 'm4 4 8 8M12 4l-8 8',
  list: 'M6 4h7.5M6 8h7.5M6 12h7.5M2.5 4h.5M2.5 8h.5M2.5 12h.5',
  done: 'm3 8.5 3.5 3.5L13 4.5',
  hint: 'M8 2.5a4 4 0 0 0-2 7.5v1.5h4V10a4 4 0 0 0-2-7.5M6.5 13.5h3',
  undo: 'M5.5 3 2.5 6l3 3M2.5 6h7a3.5 3.5 0 0 1 0 7H6',
  redo: 'm10.5 3 3 3-3 3M13.5 6h-7a3.5 3.5 0 0 0 0 7H10',
  name: 'm3 13 .8-3L10.5 3.3l2.2 2.2L6 12.2z',
  target: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 1 0 0-11M8 6.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 1 0 0-3',
  rival: 'M2.5 5.5h9M9 3l2.5 2.5L9 8M13.5 10.5h-9M7 8l-2.5 2.5L7 13',
  reveal: 'M9 2.5h4.5V7M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
