/** All lessons with how far one has come in each. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { CourseEntry } from '../../src/protocol.ts';
import { post } from '../bridge.ts';
import { Icon } from '../ui/icons.tsx';
import { Button } from '../ui/toolkit.tsx';

const close = (): void => post({ type: 'lesson', action: 'closeList' });

export function Course({ lessons, closes }: { readonly lessons: readonly CourseEntry[]; readonly closes: boolean }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    const onKeyDown = (event: KeyboardEvent): void => {
      if (closes && event.key === 'Escape' && !event.defaultPrevented) close();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [closes]);
  const finished = lessons.filter(isFinished).length;
  const goingOn = lessons.find((lesson) => !isFinished(lesson));
  return (
    <main class="course">
      <div class="course-page">
        <header class="course-header">
          <h1 ref={heading} tabIndex={-1}>{l10n.t('From tokens to probabilities')}</h1>
          <p class="muted">
            {l10n.t('{0} lessons of about ten minutes, on models that run here as you read.', lessons.length)} {finished > 0 && l10n.t('Done: {0}.', finished)}
          </p>
          <p class="course-actions">
            {goingOn && <Button appearance="primary" onClick={() => open(goingOn)}>{isBegun(lessons) ? l10n.t('Go on with “{0}”', goingOn.title) : l10n.t('Begin')}</Button>}
            {closes && <Button onClick={close}>{l10n.t('Close')}</Button>}
          </p>
        </header>
        <ol class="course-list">
          {lessons.map((lesson, at) => (
            <li key={lesson.id}>
              <Entry lesson={lesson} number={at + 1} />
            </li>
          ))}
        </ol>
        <footer class="course-foot">
          <p class="muted">{l10n.t('What you have done is kept on this computer only.')}</p>
          <button type="button" class="link" onClick={() => post({ type: 'lesson', action: 'export' })}>{l10n.t('Save what was done to a file…')}</button>
        </footer>
      </div>
    </main>
  );
}

const isFinished = ({ done, steps }: CourseEntry): boolean => done >= steps;
const isBegun = (lessons: readonly CourseEntry[]): boolean => lessons.some(({ done }) => done > 0);

function open({ id }: CourseEntry): void {
  post({ type: 'lesson', action: 'open', id });
}

function Entry({ lesson, number }: { readonly lesson: CourseEntry; readonly number: number }): JSX.Element {
  const { after, done, steps, title } = lesson;
  return (
    <button type="button" class="course-entry" onClick={() => open(lesson)}>
      <span class="course-number" aria-hidden="true">{isFinished(lesson) ? <Icon name="done" /> : number}</span>
      <span class="course-text">
        <span class="course-title">{title}</span>
        <span class="course-after">{after}</span>
      </span>
      <span class="course-progress" style={{ '--share': `${((done / Math.max(1, steps)) * 100).toFixed(1)}%` }}>
        {isFinished(lesson) ? l10n.t('done') : l10n.t('{0} of {1} steps', done, steps)}
      </span>
    </button>
  );
}
