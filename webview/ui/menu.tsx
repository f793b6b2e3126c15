/** A menu that opens where it was asked for: by pointer or by keyboard, one at a time. */
import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

export interface MenuItem {
  readonly label: string;
  /** What it does, at length. */
  readonly title?: string;
  /** A thing that is on or off; absent: a plain action. */
  readonly checked?: boolean;
  readonly onChoose: () => void;
}

interface OpenMenu {
  /** Another menu in the same place is another one. */
  readonly id: number;
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** In the window, pixels. */
  readonly at: { readonly x: number; readonly y: number };
  /** Gets the keyboard's focus back. */
  readonly from: HTMLElement | null;
}

const open = signal<OpenMenu | null>(null);
let lastId = 0;

/** Opens a menu at a point of the window; without items nothing. */
export function openMenu(label: string, items: readonly MenuItem[], at: OpenMenu['at']): void {
  const { activeElement } = document;
  open.value = items.length === 0 ? null : { id: ++lastId, label, items, at, from: activeElement instanceof HTMLElement ? activeElement : null };
}

/** Opens a menu below an element, as its button or by the keyboard. */
export function openMenuBelow(label: string, items: readonly MenuItem[], element: Element): void {
  const { left, bottom } = element.getBoundingClientRect();
  openMenu(label, items, { x: left, y: bottom });
}

function close(): void {
  const from = open.peek()?.from;
  open.value = null;
  from?.focus({ preventScroll: true });
}

/** Where the menu stands: once on the page. */
export function MenuHost(): JSX.Element | null {
  return open.value && <Menu key={open.value.id} {...open.value} />;
}

function Menu({ label, items, at }: OpenMenu): JSX.Element {
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = menu.current;
    if (!element) return;
    // It stays inside the window.
    element.style.left = `${Math.max(0, Math.min(at.x, window.innerWidth - element.offsetWidth - 4))}px`;
    element.style.top = `${Math.max(0, Math.min(at.y, window.innerHeight - element.offsetHeight - 4))}px`;
    step(element, 0);
  }, []);
  useEffect(() => {
    const listeners = new AbortController();
    const { signal: until } = listeners;
    const outside = (event: Event): void => {
      if (event.target instanceof Node && menu.current?.contains(event.target) === true) return;
      open.value = null;
    };
    window.addEventListener('pointerdown', outside, { signal: until, capture: true });
    window.addEventListener('blur', () => (open.value = null), { signal: until });
    window.addEventListener('resize', () => (open.value = null), { signal: until });
    return () => listeners.abort();
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') close();
    else if (by !== undefined && menu.current) step(menu.current, by);
    else if (event.key !== 'Enter' && event.key !== ' ') return;
    else if (document.activeElement instanceof HTMLElement) document.activeElement.click();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="menu" role="menu" aria-label={label} ref={menu} onKeyDown={onKeyDown} onContextMenu={(event) => event.preventDefault()}>
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          class="menu-item"
          role={item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
          aria-checked={item.checked}
          tabIndex={-1}
          title={item.title}
          onPointerMove={(event) => event.currentTarget.focus()}
          onClick={() => {
            close();
            item.onChoose();
          }}
        >
          <span class="menu-check" aria-hidden="true">{item.checked === true ? '✓' : ''}</span>
          {item.label}
        </button>
      ))}
    </div>
  );
}

/** Moves the focus among the items, round at the ends; 0 goes to the first. */
function step(menu: HTMLElement, by: number): void {
  const items = [...menu.querySelectorAll<HTMLElement>('.menu-item')];
  const now = items.findIndex((item) => item === document.activeElement);
  const next = by === -Infinity || by === 0 ? 0 : by === Infinity ? items.length - 1 : (now + by + items.length) % items.length;
  items[next]?.focus();
}
