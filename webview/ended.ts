/** The run that is drawn, once it has ended: what takes long is asked about nothing less. */
import { computed } from '@preact/signals';
import { run, shown } from './store.ts';

export const ended = computed(() => (run.value.state === 'ready' && run.value.info === shown.value?.info ? run.value.info : null));
