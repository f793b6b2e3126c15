/** The text beside the shown one, what both have in common, and what of the one is put into the other. */
import { batch, computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { AlignmentAnswer, RunInfo, Trouble } from '../src/protocol.ts';
import { aim } from './aim.ts';
import { beside, leaveBeside, runBeside } from './beside.ts';
import { ask } from './bridge.ts';
import { ended } from './ended.ts';
import { patchingOf, type PatchingWanted } from './patching.ts';
import { resource, type Resource, type Wanted } from './resource.ts';
import { setView, subject, view } from './store.ts';

const isShown = computed(() => view.value.picture === 'patching');

// ── The other text ───────────────────────────────────────────────────────────────────────

/** What is being typed, and is run only when that is asked for; a text from a file, a lesson or before a reload is run by itself. */
const typing = signal<string | null>(null);

/** The text as it is being edited; it begins as the shown one. */
export const otherText = computed((): string => view.value.otherText ?? subject.value?.text ?? '');

export function typeOther(text: string): void {
  batch(() => {
    typing.value = text;
    setView({ otherText: text === subject.peek()?.text ? null : text });
  });
}

/** Whether the other text that was run is the one in the field. */
export const isCompared = computed((): boolean => {
  const run = beside.text.value;
  return run.state !== 'none' && run.of === ended.value?.run && run.wanted.text === otherText.value;
});

/** Whether there is something to compare. */
export const canCompare = computed(() => ended.value !== null && otherText.value !== subject.value?.text && otherText.value.trim() !== '' && !isCompared.value);

/** Runs the edited text beside the shown one. */
export function compare(): void {
  typing.value = null;
}

effect(() => {
  const info = ended.value;
  if (info && isShown.value && canCompare.value && typing.value !== otherText.value) runBeside('text', { text: otherText.value }, info.run);
});

/** A text beside a run that is gone is about nothing. */
effect(() => {
  const run = beside.text.value;
  if (isShown.value && run.state !== 'none' && ended.value && run.of !== ended.value.run) leaveBeside('text');
});

/** The other run, once it has ended. */
export const otherRun = computed((): RunInfo | null => {
  const run = beside.text.value;
  return run.state === 'ready' && run.of === ended.value?.run ? run.info : null;
});

export const isRunning = computed(() => beside.text.value.state === 'running');

// ── What both have in common ─────────────────────────────────────────────────────────────

/** Candidates of each text that are shown side by side. */
const candidates = 5;

const alignmentAnswer: ReadonlySignal<Resource<'alignment'>> = resource(
  'alignment',
  computed((): Wanted<'alignment'> => {
    const at = aim.value;
    if (!isShown.value || !otherRun.value || !at) return 'nothing';
    return ended.value ? { run: ended.value.run, ask: { corrupted: otherRun.value.run, position: at.position, top: candidates } } : 'hold';
  }),
  ask,
  32,
);

export const alignment = computed((): AlignmentAnswer | null => {
  const { state, last } = alignmentAnswer.value;
  return state === 'ready' && last.ask.corrupted === otherRun.value?.run ? last.value : null;
});

// ── What is put into the other ───────────────────────────────────────────────────────────

/**
 * The target is the likeliest in the shown text as long as nobody has chosen; so is the rival in the other, where that
 * is another token: what the change of text makes of the answer.
 */
const patching = patchingOf(
  computed((): PatchingWanted | null => {
    const [info, other, at, common] = [ended.value, otherRun.value, aim.value, alignment.value];
    if (!isShown.value || !info || !other || !at || !common) return null;
    const target = at.target ?? common.clean[0]?.id;
    const rival = at.rival ?? common.corrupted[0]?.id;
    if (target === undefined) return null;
    return { run: info.run, ask: { position: at.position, target, ...(rival === undefined || rival === target ? {} : { rival }), corrupted: other.run, over: view.value.patchOver } };
  }),
  ask,
);

export const patched = patching.current;
export const startPatching = patching.start;
export const stopPatching = patching.stop;

/** Why there is nothing to see. */
export const patchingTrouble = computed((): Trouble | null => {
  const run = beside.text.value;
  if (run.state === 'failed' && run.of === ended.value?.run) return run.trouble;
  if (alignmentAnswer.value.state === 'failed') return alignmentAnswer.value.trouble;
  return patched.value?.trouble ?? null;
});
