/**
 * The editor's own controls. This is the only file that knows `@vscode/webview-ui-toolkit`, which is
 * no longer maintained: a successor can take its place here.
 *
 * The page must load before the window's `load` event, when the toolkit reads the theme.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodePanels,
  vsCodePanelTab,
  vsCodePanelView,
  vsCodeProgressRing,
} from '@vscode/webview-ui-toolkit';
import type { ComponentChildren, HTMLAttributes, JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

/** What every element takes. */
type ToolkitAttributes = HTMLAttributes<HTMLElement>;

declare module 'preact/jsx-runtime' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the only way to tell TypeScript of new elements
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': ToolkitAttributes & { readonly appearance?: 'primary' | 'secondary' | 'icon'; readonly disabled?: boolean };
      'vscode-checkbox': ToolkitAttributes & { readonly checked?: boolean };
      'vscode-dropdown': ToolkitAttributes;
      'vscode-option': ToolkitAttributes & { readonly value?: string };
      'vscode-panels': ToolkitAttributes & { readonly activeid?: string };
      'vscode-panel-tab': ToolkitAttributes;
      'vscode-panel-view': ToolkitAttributes;
      'vscode-progress-ring': ToolkitAttributes;
    }
  }
}

/** Registers the controls in use, once. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodePanels(),
    vsCodePanelTab(),
    vsCodePanelView(),
    vsCodeProgressRing(),
  );
}

export interface ButtonProps {
  readonly appearance?: 'primary' | 'secondary' | 'icon';
  /** The accessible name where the content is an icon; shown as the tooltip too. */
  readonly label?: string;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly expanded?: boolean;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
}

export function Button({ appearance = 'secondary', label, disabled = false, pressed, expanded, onClick, children }: ButtonProps): JSX.Element {
  return (
    <vscode-button
      appearance={appearance}
      disabled={disabled}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      onClick={onClick}
    >
      {children}
    </vscode-button>
  );
}

export interface CheckboxProps {
  readonly checked: boolean;
  readonly title?: string;
  readonly onChange: (checked: boolean) => void;
  readonly children: string;
}

/**
 * Shows what `checked` says, whatever was clicked, until the page says otherwise. The toolkit names a
 * checkbox by the text it had when it appeared, so the label must not change.
 */
export function Checkbox({ checked, title, onChange, children }: CheckboxProps): JSX.Element {
  return (
    <vscode-checkbox
      checked={checked}
      title={title}
      onChange={(event: Event) => {
        const box = event.currentTarget;
        // The toolkit also reports what the page itself has just set.
        if (!(box instanceof HTMLElement) || !('checked' in box) || box.checked === checked) return;
        box.checked = checked;
        onChange(!checked);
      }}
    >
      {children}
    </vscode-checkbox>
  );
}

export interface DropdownProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: string; readonly title?: string }[];
  readonly onChange: (value: V) => void;
}

/**
 * Shows `value` until the page says otherwise. It is set as a property once the options are there: as
 * an attribute it would be read too early. The toolkit hears of other options later than the page has
 * put them in, and then chooses one by itself.
 */
export function Dropdown<V extends string>({ label, value, options, onChange }: DropdownProps<V>): JSX.Element {
  const element = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const dropdown = element.current;
    const show = (): void => {
      if (dropdown && 'value' in dropdown && dropdown.value !== value) dropdown.value = value;
    };
    show();
    dropdown?.shadowRoot?.addEventListener('slotchange', show);
    return () => dropdown?.shadowRoot?.removeEventListener('slotchange', show);
  });
  return (
    <vscode-dropdown
      ref={element}
      aria-label={label}
      title={options.find((option) => option.value === value)?.title ?? label}
      onChange={(event: Event) => {
        const dropdown = event.currentTarget;
        const chosen = dropdown instanceof HTMLElement && 'value' in dropdown ? options.find((option) => option.value === dropdown.value) : undefined;
        if (!(dropdown instanceof HTMLElement) || !('value' in dropdown) || !chosen || chosen.value === value) return;
        dropdown.value = value;
        onChange(chosen.value);
      }}
    >
      {options.map((option) => (
        <vscode-option key={option.value} value={option.value} title={option.title}>
          {option.label}
        </vscode-option>
      ))}
    </vscode-dropdown>
  );
}

export interface TabsProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly tabs: readonly { readonly value: V; readonly label: string }[];
  readonly onChange: (value: V) => void;
  /** Stands at the end of the row of tabs. */
  readonly end?: ComponentChildren;
  /** What the tab in front shows. */
  readonly children: ComponentChildren;
}

export function Tabs<V extends string>({ label, value, tabs, onChange, end, children }: TabsProps<V>): JSX.Element {
  const prefix = useId();
  const tabId = (of: V): string => `${prefix}-tab-${of}`;
  const panels = useRef<HTMLElement>(null);
  const active = tabId(value);
  const all = tabs.map((tab) => tab.value).join();
  useLayoutEffect(() => {
    // The toolkit looks for the active tab among those it knows, takes the first where it is not there, and hears of new
    // tabs only when slots have changed, which is told before this.
    queueMicrotask(() => panels.current?.setAttribute('activeid', active));
  }, [active, all]);
  return (
    <vscode-panels
      ref={panels}
      class="tabs"
      aria-label={label}
      activeid={active}
      onChange={(event: Event) => {
        // Changes of controls inside the views come by here too. The attribute lags behind the property.
        const { target } = event;
        const chosen = target instanceof HTMLElement && 'activeid' in target ? tabs.find((tab) => tabId(tab.value) === target.activeid) : undefined;
        if (chosen && chosen.value !== value) onChange(chosen.value);
      }}
    >
      {tabs.map((tab) => (
        <vscode-panel-tab key={tab.value} id={tabId(tab.value)}>
          {tab.label}
        </vscode-panel-tab>
      ))}
      <span slot="end">{end}</span>
      {tabs.map((tab) => (
        <vscode-panel-view key={tab.value} id={`${prefix}-view-${tab.value}`}>
          {tab.value === value ? children : null}
        </vscode-panel-view>
      ))}
    </vscode-panels>
  );
}

/** Turns while something of unknown length is going on. */
export function ProgressRing({ label }: { readonly label: string }): JSX.Element {
  return <vscode-progress-ring aria-label={label} />;
}
