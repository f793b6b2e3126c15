/** The text on top, and below it what a model that writes another has written so far. */
import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useRef } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import { post } from '../bridge.ts';
import { output, run, subject, type Output, type Shown } from '../store.ts';
import { Region } from '../ui/region.tsx';
import { ExportMenu } from './exportMenu.tsx';
import { shadeSentences } from './stripShades.ts';
import { Rewritten } from './rewritten.tsx';
import { SurprisalLegend, SurprisalToggle } from './surprisal.tsx';
import { TargetChoice } from './targetChoice.tsx';
import { MarkLegend, TokenDetails } from './tokenDetails.tsx';
import { TokenStrip } from './tokenStrip.tsx';
import { surprisalColumns, TokenTable } from './tokenTable.tsx';

export function Texts({ drawn }: { readonly drawn: Shown }): JSX.Element {
  const { tokens, model } = drawn.info;
  const written = output.value;
  const part = useRef<HTMLElement>(null);
  const several = model.kind === 'encoder-decoder';
  const strip = <TokenStrip sequence="text" title={several ? l10n.t('Text') : ''} label={l10n.t('Tokens in reading order')} tokens={tokens} text={drawn.text} />;
  return (
    <Region name="text" title={l10n.t('Text')} part={part} actions={<TextActions drawn={drawn} written={written} part={part} />} table={() => <Tables drawn={drawn} written={written} />}>
      {several ? (
        <>
          <Row name={l10n.t('Text')}>{strip}</Row>
          <Row name={l10n.t('Output')} state={outputState(written)}>
            <TokenStrip sequence="output" title={l10n.t('Output')} label={l10n.t('Tokens that the model writes')} tokens={written?.tokens ?? none} text={written?.text ?? ''} growing={written?.complete !== true && run.value.state === 'loading'} />
          </Row>
          <Rewritten />
        </>
      ) : (
        strip
      )}
      <SurprisalLegend />
      <TokenDetails />
    </Region>
  );
}

/** The very same for each drawing, so that nothing is built anew. */
const none: Output['tokens'] = [];

function Row({ name, state = '', children }: { readonly name: string; readonly state?: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <div class="strip-row">
      <span class="strip-name">
        {name}
        {state !== '' && <span class="strip-state">{state}</span>}
      </span>
      {children}
    </div>
  );
}

/** How far the output has come; nothing once it is whole. */
function outputState(written: Output | null): string {
  if (written?.complete === true) return written.tokens.every(({ origin }) => origin !== 'text') ? l10n.t('empty') : '';
  return run.value.state === 'loading' ? l10n.t('writing…') : '';
}

function Tables({ drawn, written }: { readonly drawn: Shown; readonly written: Output | null }): JSX.Element {
  return (
    <>
      <TokenTable caption={l10n.t('Tokens in reading order; ranges are UTF-16 offsets in the text')} tokens={drawn.info.tokens} surprisal={surprisalColumns()} />
      {written && <TokenTable caption={l10n.t('Tokens that the model has written; ranges are UTF-16 offsets in what they spell')} tokens={written.tokens} />}
    </>
  );
}

function TextActions({ drawn, written, part }: { readonly drawn: Shown; readonly written: Output | null; readonly part: RefObject<HTMLElement> }): JSX.Element {
  return (
    <>
      <SourceLink />
      <SurprisalToggle />
      <TargetChoice info={drawn.info} />
      <MarkLegend tokens={written ? [...drawn.info.tokens, ...written.tokens] : drawn.info.tokens} />
      <ExportMenu of="text" label={l10n.t('Tokens in reading order')} part={part} table={() => <Tables drawn={drawn} written={written} />} said={shadeSentences} />
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
