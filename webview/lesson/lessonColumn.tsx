/** The lesson beside the live view: where one is in it, the step, and the way on. */
import type { JSX } from 'preact';
import { useEffect, useRef, useState, type MutableRef } from 'preact/hooks';
import * as l10n from '@vscode/l10n';
import type { LessonStep, TakenLesson } from '../../src/protocol.ts';
import { post } from '../bridge.ts';
import { lit, litPart } from '../lit.ts';
import { subject } from '../store.ts';
import { Icon } from '../ui/icons.tsx';
import { Button } from '../ui/toolkit.tsx';
import { Blocks } from './blocks.tsx';
import { CheckCard } from './check.tsx';
import { Inlines } from './inlines.tsx';
import { LessonText } from './lessonText.tsx';
import { isFocusLost } from './lostFocus.ts';
import { StepEnds } from './stepEnds.tsx';
import { StepFoot } from './stepFoot.tsx';
import { StepList } from './stepList.tsx';

export function LessonColumn({ taken }: { readonly taken: TakenLesson }): JSX.Element {
  const [open, setOpen] = useState(true);
  const seen = useRef<string | null>(null);
  const { at, lesson, locale } = taken;
  const step = lesson.steps[at];
  return (
    <aside class="lesson" aria-label={l10n.t('Lesson')} data-open={open} data-lit={litPart(lit.value)}>
      <header class="lesson-header">
        <Button appearance="icon" label={l10n.t('All lessons')} onClick={() => post({ type: 'lesson', action: 'list' })}>
          <Icon name="list" />
        </Button>
        <h1 lang={locale || undefined} title={lesson.title}>{lesson.title}</h1>
        <span class="lesson-fold">
          <Button appearance="icon" label={open ? l10n.t('Fold the lesson') : l10n.t('Unfold the lesson')} expanded={open} onClick={() => setOpen(!open)}>
            <Icon name={open ? 'up' : 'down'} />
          </Button>
        </span>
        <Button appearance="icon" label={l10n.t('Leave the lesson')} onClick={() => post({ type: 'lesson', action: 'leave' })}>
          <Icon name="clear" />
        </Button>
      </header>
      <StepList taken={taken} />
      {open && step && <Step key={lesson.id} taken={taken} step={step} seen={seen} />}
      <StepEnds taken={taken} />
    </aside>
  );
}

interface StepProps {
  readonly taken: TakenLesson;
  readonly step: LessonStep;
  /** The lesson and the step that were here before; null where there were none. */
  readonly seen: MutableRef<string | null>;
}

/** One scrolling page for all steps of a lesson: it starts at its top for each. */
function Step({ taken, step, seen }: StepProps): JSX.Element {
  const page = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const { at, done, lesson, locale, mistakes } = taken;
  const begun = done.length > 0;
  useEffect(() => {
    const place = `${lesson.id} ${step.id}`;
    const turned = seen.current !== null && seen.current !== place;
    seen.current = place;
    if (turned) page.current?.scrollTo(0, 0);
    // Gone is the entry by which a lesson was opened, or the way to forget what was done.
    if (turned || isFocusLost()) heading.current?.focus({ preventScroll: true });
  }, [lesson.id, step.id, begun]);
  const last = at === lesson.steps.length - 1;
  return (
    <div class="lesson-page" ref={page}>
      {mistakes > 0 && <Mistakes count={mistakes} />}
      <div class="lesson-prose" lang={locale || undefined}>
        {at === 0 && <p class="after"><span class="after-name">{l10n.t('Afterwards')}</span>{lesson.after}</p>}
        <h2 ref={heading} tabIndex={-1}><Inlines parts={step.title} /></h2>
        <Blocks blocks={step.prose} />
      </div>
      {step.check?.kind !== 'text' && <OtherWords key={`${step.id} words`} step={step} />}
      {step.check && <CheckCard key={step.id} step={step} check={step.check} />}
      {last && lesson.steps.every(({ id }) => done.includes(id)) && <p class="after reached"><Icon name="done" /><span lang={locale || undefined}>{lesson.after}</span></p>}
      <StepFoot step={step} begun={begun} />
    </div>
  );
}

/** The text may always be another: folded away where the step is not about that. */
function OtherWords({ step }: { readonly step: LessonStep }): JSX.Element | null {
  if (!subject.value) return null;
  return (
    <details class="other-words" open={step.show?.editable === true}>
      <summary>{l10n.t('Try other words')}</summary>
      <LessonText text={step.show?.text ?? null} onEnter={() => undefined} />
    </details>
  );
}

/** A teacher's file is being edited, and cannot be read as it is. */
function Mistakes({ count }: { readonly count: number }): JSX.Element {
  return (
    <p class="lesson-mistakes" role="status">
      {count === 1
        ? l10n.t('There is a mistake in the file, marked in its editor. This is the lesson as it was before.')
        : l10n.t('There are {0} mistakes in the file, marked in its editor. This is the lesson as it was before.', count)}
    </p>
  );
}
