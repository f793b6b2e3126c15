/** The language that a translating model is asked to write. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { RunInfo } from '../../src/protocol.ts';
import { post } from '../bridge.ts';
import { hello, shown } from '../store.ts';
import { Dropdown } from '../ui/toolkit.tsx';

export function TargetChoice({ info }: { readonly info: RunInfo }): JSX.Element | null {
  const { targets } = info.model;
  if (targets.length === 0) return null;
  // What is written in the text itself can only be changed there.
  if (info.target !== null && shown.value?.text.startsWith(info.target) === true) return <span class="muted">{l10n.t('The text names its target language: {0}', languageName(info.target))}</span>;
  return (
    <span class="group target">
      <span class="caption">{l10n.t('Into')}</span>
      <Dropdown
        label={l10n.t('Target language')}
        value={info.target ?? ''}
        options={targets.map((code) => ({ value: code, label: languageName(code), title: l10n.t('Puts {0} in front of what the model reads; the document stays as it is.', code) }))}
        onChange={(target) => post({ type: 'target', target })}
      />
    </span>
  );
}

/** Languages that browsers know under another code. */
const otherCodes: Readonly<Record<string, string>> = { cmn_Hans: 'zh-Hans', cmn_Hant: 'zh-Hant', cmn: 'zh' };

/** `>>fra<<` as "French" in the display language; what nobody knows stays a code. */
export function languageName(code: string): string {
  const tag = code.replace(/^>>|<<$/g, '');
  try {
    return new Intl.DisplayNames([hello.value?.locale ?? 'en'], { type: 'language', fallback: 'code' }).of(otherCodes[tag] ?? tag.replaceAll('_', '-')) ?? tag;
  } catch {
    // Not a language tag: the code is all that can be said.
    return tag;
  }
}
