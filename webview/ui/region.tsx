/** A part of the page with its heading, its own actions, and its picture or the table of it. */
import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useId, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import { Icon } from './icons.tsx';
import { Button } from './toolkit.tsx';

export interface RegionProps {
  readonly name: string;
  readonly title: string;
  readonly actions?: ComponentChildren;
  /** The same as a table; called only while it is shown. */
  readonly table?: () => ComponentChildren;
  /** Whether the region is open, where it can be folded. */
  readonly open?: boolean;
  readonly onToggle?: () => void;
  /** All of it, for what is told or exported of it. */
  readonly part?: RefObject<HTMLElement>;
  readonly children: ComponentChildren;
}

export function Region({ name, title, actions, table, open = true, onToggle, part, children }: RegionProps): JSX.Element {
  const heading = useId();
  const [asTable, setAsTable] = useState(false);
  return (
    <section class={`region ${name}`} aria-labelledby={heading} data-open={open} {...(part ? { ref: part } : {})}>
      <header class="region-header">
        <h2 id={heading}>
          {onToggle ? (
            <button type="button" class="fold" aria-expanded={open} onClick={onToggle}>
              <Icon name={open ? 'down' : 'right'} />
              {title}
            </button>
          ) : (
            title
          )}
        </h2>
        {open && <div class="region-actions">{actions}</div>}
        {open && table && <TableToggle pressed={asTable} onChange={setAsTable} />}
      </header>
      {open && (asTable && table ? <div class="region-table">{table()}</div> : children)}
    </section>
  );
}

/** Switches between a picture and the table that says the same. */
export function TableToggle({ pressed, onChange }: { readonly pressed: boolean; readonly onChange: (pressed: boolean) => void }): JSX.Element {
  return (
    <Button appearance="icon" label={l10n.t('Show as table')} pressed={pressed} onClick={() => onChange(!pressed)}>
      <Icon name="table" />
    </Button>
  );
}
