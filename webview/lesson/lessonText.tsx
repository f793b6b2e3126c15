/** The text that the model reads, to be changed: the model runs as one types. */
import type { JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import { post } from '../bridge.ts';
import { subject } from '../store.ts';

/** So long nothing is typed before the model runs, milliseconds. */
const restBeforeRun = 350;

export interface LessonTextProps {
  /** The lesson's own text, to go back to. */
  readonly text: string | null;
  /** Enter ends a text of one line: what it means is up to the check. */
  readonly onEnter: () => void;
}

export function LessonText({ text, onEnter }: LessonTextProps): JSX.Element {
  const id = useId();
  const about = subject.value?.text ?? '';
  const [draft, setDraft] = useState(about);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const waiting = timer.current !== null;
  useEffect(() => {
    if (!waiting) setDraft(about);
  }, [about]);
  const stop = (): void => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = null;
  };
  useEffect(() => stop, []);
  const send = (next: string): void => {
    stop();
    if (next.trim() !== '' && next !== subject.peek()?.text) post({ type: 'lesson', action: 'text', text: next });
  };
  const type = (next: string): void => {
    setDraft(next);
    stop();
    timer.current = setTimeout(() => send(next), restBeforeRun);
  };
  const reset = (): void => {
    if (text === null) return;
    setDraft(text);
    send(text);
  };
  return (
    <div class="lesson-text">
      <label for={id}>{l10n.t('Text that the model reads')}</label>
      <textarea
        id={id}
        rows={2}
        spellcheck={false}
        value={draft}
        onInput={(event) => (event.isComposing ? setDraft(event.currentTarget.value) : type(event.currentTarget.value))}
        onCompositionEnd={(event) => type(event.currentTarget.value)}
        onBlur={(event) => send(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send(event.currentTarget.value);
          onEnter();
        }}
      />
      <p class="lesson-text-foot">
        <span class="muted">{draft.trim() === '' ? l10n.t('Write something for the model to read.') : l10n.t('Runs as you type.')}</span>
        {text !== null && draft !== text && (
          <button type="button" class="link" onClick={reset}>
            {l10n.t('Back to the text of the lesson')}
          </button>
        )}
      </p>
    </div>
  );
}
