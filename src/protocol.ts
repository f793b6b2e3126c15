/**
 * Every message between Headlight's three sides, and nothing else: types only.
 *
 *   page (webview)  ⇄  host (extension host, or the command line)  ⇄  worker (engine)
 *
 * The trace of a run stays in the worker. The host starts runs; the page asks questions about
 * them and gets slices no bigger than its picture.
 *
 * Shapes are written `[layer, head, query, key]`. "Unit" is a token, or a word where the
 * question merges pieces to words. All text offsets are UTF-16 code units.
 */
export type * from './protocol/models.ts';
export type * from './protocol/tokens.ts';
export type * from './protocol/runs.ts';
export type * from './protocol/questions.ts';
export type * from './protocol/attention.ts';
export type * from './protocol/prediction.ts';
export type * from './protocol/inside.ts';
export type * from './protocol/paths.ts';
export type * from './protocol/headSteps.ts';
export type * from './protocol/vectors.ts';
export type * from './protocol/interventions.ts';
export type * from './protocol/twoTexts.ts';
export type * from './protocol/problems.ts';
export type * from './protocol/worker.ts';
export type * from './protocol/view.ts';
export type * from './protocol/phrasings.ts';
export type * from './protocol/page.ts';
export type * from './protocol/probes.ts';
export type * from './protocol/exports.ts';
export type * from './protocol/lessons.ts';
