/** Tells the host how the run that has ended is looked at, so that it can be kept as a probe. */
import { effect } from '@preact/signals';
import { aim } from './aim.ts';
import { post } from './bridge.ts';
import { ended } from './ended.ts';
import { differing, probe, takeWanted } from './probe.ts';
import { output, setView, view } from './store.ts';

/** Changes that come in quick succession are told together, milliseconds. */
const tellDelay = 150;

export function keepProbe(): void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let told = '';
  const tell = (): void => {
    timer = null;
    if (!ended.peek()) return;
    const message = { type: 'looked', version: probe.peek()?.version ?? 0, view: view.peek(), differs: differing(view.peek()), position: aim.peek()?.position ?? null } as const;
    const text = JSON.stringify(message);
    if (text !== told) post(message);
    told = text;
  };
  effect(() => {
    // What is looked at here is what is told of later.
    const there = [view.value, aim.value, probe.value?.version, ended.value].at(-1);
    if (!there) return;
    pinWanted();
    timer ??= setTimeout(tell, tellDelay);
  });
}

/** A prediction that the file names is pinned, unless the page looks at it by itself. */
function pinWanted(): void {
  const position = takeWanted();
  if (position !== null && position !== aim.peek()?.position) setView({ pinned: { sequence: output.peek() ? 'output' : 'text', token: position } });
}
