/** Whether the learner has left the path: looks at something else than the step shows. */
import { computed } from '@preact/signals';
import type { RunInfo, Show, Subject, ViewState } from '../../src/protocol.ts';
import { shown, subject, view } from '../store.ts';
import { fitView } from '../viewState.ts';
import { currentStep, wantedView } from './lessonStore.ts';

/** Whether what is shown is the step's text with the step's model. */
export function isAbout({ text, model }: Show, about: Pick<Subject, 'text' | 'model'>): boolean {
  return text === about.text && model === about.model;
}

/** Whether the view has all settings that the step made, as far as the model and the text have them. */
export function hasView(now: ViewState, wanted: Partial<ViewState>, { model, tokens }: Pick<RunInfo, 'model' | 'tokens'>): boolean {
  const settings = new Map<string, unknown>(Object.entries(now));
  const back = new Map<string, unknown>(Object.entries(fitView({ ...now, ...wanted }, model, tokens.length)));
  return Object.keys(wanted).every((name) => JSON.stringify(settings.get(name)) === JSON.stringify(back.get(name)));
}

export const offPath = computed((): boolean => {
  const step = currentStep.value;
  const about = subject.value;
  const info = shown.value?.info;
  if (!step || !about || !info) return false;
  if (step.show && !isAbout(step.show, about)) return true;
  const wanted = wantedView.value;
  return wanted?.step === step.id && !hasView(view.value, wanted.view, info);
});
