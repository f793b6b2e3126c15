/** The list of keys, over the page until it is closed. */
import type { JSX, RefObject } from 'preact';
import * as l10n from '@vscode/l10n';
import { keyList } from '../keys.ts';
import { Button } from '../ui/toolkit.tsx';

export function KeyDialog({ dialog }: { readonly dialog: RefObject<HTMLDialogElement> }): JSX.Element {
  return (
    <dialog class="keys" ref={dialog} aria-label={l10n.t('Keys')}>
      <dl>
        {keyList().map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              {keys.split('  ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <Button onClick={() => dialog.current?.close()}>{l10n.t('Close')}</Button>
    </dialog>
  );
}
