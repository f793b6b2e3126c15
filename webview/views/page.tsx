/** The page: text, picture, answer and navigator, and the status line below them. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import { post } from '../bridge.ts';
import { handleKey } from '../keys.ts';
import { run, shown, subject, type Shown } from '../store.ts';
import { Region } from '../ui/region.tsx';
import { Announcer } from './announcer.tsx';
import { Answer } from './answer.tsx';
import { KeyDialog } from './keyDialog.tsx';
import { Navigator } from './navigator.tsx';
import { Picture } from './picture.tsx';
import { Empty, Failed, Loading } from './states.tsx';
import { Status } from './status.tsx';
import { MarkLegend, TokenDetails } from './tokenDetails.tsx';
import { TokenStrip } from './tokenStrip.tsx';
import { TokenTable } from './tokenTable.tsx';

export function Page(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (dialog.current?.open !== true) handleKey(event, () => dialog.current?.showModal());
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <>
      <Body />
      <Status showKeys={() => dialog.current?.showModal()} />
      <KeyDialog dialog={dialog} />
      <Announcer />
    </>
  );
}

function Body(): JSX.Element {
  const state = run.value;
  const drawn = shown.value;
  if (state.state === 'failed') return <main class="body single"><Failed trouble={state.trouble} /></main>;
  if (!drawn) {
    return <main class="body single">{state.state === 'loading' ? <Loading model={state.subject.model} /> : <Empty />}</main>;
  }
  return (
    <main class="body">
      <Text drawn={drawn} />
      <Picture info={drawn.info} />
      <Answer />
      <Navigator />
    </main>
  );
}

function Text({ drawn }: { readonly drawn: Shown }): JSX.Element {
  const { tokens } = drawn.info;
  return (
    <Region name="text" title={l10n.t('Text')} actions={<TextActions drawn={drawn} />} table={() => <TokenTable tokens={tokens} />}>
      <TokenStrip drawn={drawn} />
      <TokenDetails />
    </Region>
  );
}

function TextActions({ drawn }: { readonly drawn: Shown }): JSX.Element {
  return (
    <>
      <SourceLink />
      <MarkLegend tokens={drawn.info.tokens} />
    </>
  );
}

/** Where the text came from; leads back there. */
function SourceLink(): JSX.Element | null {
  const source = subject.value?.source;
  if (!source) return null;
  return (
    <button type="button" class="link source" title={l10n.t('Show the text in its editor.')} onClick={() => post({ type: 'command', command: 'reveal' })}>
      {source.label}
    </button>
  );
}
