/** The catalogue of everything that can go wrong, as sentences: what happened, and what helps. */
import * as l10n from '@vscode/l10n';
import type { Problem, ProblemCode, Trouble } from './protocol.ts';

type Sentence = (facts: Readonly<Record<string, string>>) => { message: string; help: string };

const fact = (facts: Readonly<Record<string, string>>, name: string): string => facts[name] ?? '?';

const CATALOGUE: Record<ProblemCode, Sentence> = {
  'text.empty': () => ({
    message: l10n.t('There is no text to look at.'),
    help: l10n.t('Select some text, or put the cursor in a paragraph.'),
  }),
  'text.binary': (f) => ({
    message: l10n.t('{0} is not UTF-8 text.', fact(f, 'file')),
    help: l10n.t('Convert the file to UTF-8 first.'),
  }),
  'ids.invalid': (f) => ({
    message: l10n.t('{0} is not a token id of this model.', fact(f, 'id')),
    help: l10n.t('Token ids are whole numbers from 0 to {0}.', fact(f, 'last')),
  }),
  'model.missingFile': (f) => ({
    message: l10n.t('{0} is missing in {1}.', fact(f, 'file'), fact(f, 'folder')),
    help: l10n.t('A model folder holds config.json, model.safetensors and tokenizer.json, as on the Hugging Face Hub. Pickled weights (.bin) are not opened, since opening them can run code.'),
  }),
  'model.notJson': (f) => ({
    message: l10n.t('{0} is not valid JSON: {1}.', fact(f, 'file'), fact(f, 'detail')),
    help: l10n.t('Download the file again; it may have been cut short.'),
  }),
  'model.badConfig': (f) => ({
    message: l10n.t('config.json does not describe a model that can be run: {0}.', fact(f, 'detail')),
    help: l10n.t('Compare it with the config.json of the original model.'),
  }),
  'model.unknownArchitecture': (f) => ({
    message: l10n.t('Models of the type "{0}" cannot be opened yet.', fact(f, 'type')),
    help: l10n.t('These types can be opened: {0}.', fact(f, 'known')),
  }),
  'model.badWeights': (f) => ({
    message: l10n.t('{0} is damaged: {1}.', fact(f, 'file'), fact(f, 'detail')),
    help: l10n.t('Download the file again; it may have been cut short.'),
  }),
  'model.missingTensor': (f) => ({
    message: l10n.t('{0} holds no tensor "{1}", which config.json asks for.', fact(f, 'file'), fact(f, 'tensor')),
    help: l10n.t('Check that config.json and the weights belong together.'),
  }),
  'model.wrongShape': (f) => ({
    message: l10n.t('Tensor "{0}" is {1}, but config.json asks for {2}.', fact(f, 'tensor'), fact(f, 'found'), fact(f, 'expected')),
    help: l10n.t('Check that config.json and the weights belong together.'),
  }),
  'model.badTokenizer': (f) => ({
    message: l10n.t('tokenizer.json cannot be used: {0}.', fact(f, 'detail')),
    help: l10n.t('Download the file again, or save it anew with the tokenizers library.'),
  }),
  'model.tooLarge': (f) => ({
    message: l10n.t('This model needs about {0} of memory, more than the {1} that the runtime can use.', fact(f, 'needed'), fact(f, 'limit')),
    help: l10n.t('Choose a smaller model.'),
  }),
  'model.unknownName': (f) => ({
    message: l10n.t('There is no model "{0}".', fact(f, 'name')),
    help: l10n.t('These are known: {0}. A folder can be named too.', fact(f, 'known')),
  }),
  'model.predictsNothing': (f) => ({
    message: l10n.t('{0} does not predict what comes next.', fact(f, 'name')),
    help: l10n.t('Choose a model that does, such as storyteller.'),
  }),
  'engine.died': (f) => ({
    message: l10n.t('The engine stopped unexpectedly ({0}).', fact(f, 'detail')),
    help: l10n.t('It starts again with the next request; a shorter text or a smaller model needs less memory.'),
  }),
  'engine.outOfMemory': () => ({
    message: l10n.t('There was not enough memory for this text with this model.'),
    help: l10n.t('Choose a shorter text or a smaller model.'),
  }),
  'engine.failed': (f) => ({
    message: l10n.t('The model could not be run: {0}', fact(f, 'detail')),
    help: l10n.t('The log has the details; try another model or text.'),
  }),
  'run.gone': () => ({
    message: l10n.t('This result is no longer held.'),
    help: l10n.t('Refresh to run the model again.'),
  }),
  'run.cancelled': () => ({
    message: l10n.t('The run was cancelled.'),
    help: l10n.t('Refresh to run the model again.'),
  }),
};

/** A problem in words, in the display language. */
export function describe(problem: Problem): Trouble {
  return { code: problem.code, ...CATALOGUE[problem.code](problem.facts) };
}
