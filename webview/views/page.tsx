/** The page: a lesson, while one is taken; text, picture, answer and navigator, and the status line below them. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { handleKey } from '../keys.ts';
import { Course } from '../lesson/course.tsx';
import { LessonColumn } from '../lesson/lessonColumn.tsx';
import { course, taken } from '../lesson/lessonStore.ts';
import { lit, litPart } from '../lit.ts';
import { watchLiveWidth } from '../liveWidth.ts';
import { phrasings, run, shown, subject } from '../store.ts';
import { Announcer } from './announcer.tsx';
import { Answer } from './answer.tsx';
import { MenuHost } from '../ui/menu.tsx';
import { Experiments } from './experiments/experiments.tsx';
import { KeyDialog } from './keyDialog.tsx';
import { Navigator } from './navigator.tsx';
import { ComparedPhrasings } from './phrasings.tsx';
import { Picture } from './picture.tsx';
import { ProbeBanner } from './probe/probeBanner.tsx';
import { Empty, Failed, Loading } from './states.tsx';
import { Status } from './status.tsx';
import { Texts } from './texts.tsx';

export function Page(): JSX.Element {
  if (course.value) return <Course lessons={course.value} closes={taken.value !== null || subject.value !== null} />;
  return (
    <>
      {taken.value && <LessonColumn taken={taken.value} />}
      <Live>{phrasings.value ? <ComparedPhrasings phrasings={phrasings.value} /> : <AttentionPage />}</Live>
    </>
  );
}

/** The live view: all that is about a run. */
function Live({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const live = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => (live.current ? watchLiveWidth(live.current) : undefined), []);
  return (
    <div class="live" ref={live} data-lit={litPart(lit.value)}>
      <div class="live-page">{children}</div>
    </div>
  );
}

function AttentionPage(): JSX.Element {
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
      <ProbeBanner />
      <Body />
      <Status showKeys={() => dialog.current?.showModal()} />
      <KeyDialog dialog={dialog} />
      <Announcer />
      <MenuHost />
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
      <Texts drawn={drawn} />
      <Picture info={drawn.info} />
      <div class="answers">
        <Answer />
        <Experiments />
      </div>
      {drawn.info.model.attentions.length > 0 && <Navigator />}
    </main>
  );
}
