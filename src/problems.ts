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
  'ids.tooMany': (f) => ({
    message: l10n.t('{0} token ids are more than the {1} that this model takes at once.', fact(f, 'count'), fact(f, 'most')),
    help: l10n.t('Leave some of them out.'),
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
    message: l10n.t('{0} cannot be used: {1}.', f['file'] ?? 'tokenizer.json', fact(f, 'detail')),
    help: l10n.t('Download the file again, or save it anew with the tokenizers library.'),
  }),
  'model.tooLarge': (f) => ({
    message:
      fact(f, 'limit') === 'machine'
        ? l10n.t('This model needs about {0} of memory, but {1} of the machine is free.', fact(f, 'needed'), fact(f, 'available'))
        : l10n.t('This model needs about {0} of memory, more than the {1} that the runtime can use.', fact(f, 'needed'), fact(f, 'available')),
    help: f['eightBit']
      ? l10n.t('In 8-bit precision it needs about {0} and can be opened.', f['eightBit'])
      : fact(f, 'limit') === 'machine'
        ? l10n.t('Close other programs, or choose a smaller model.')
        : l10n.t('Choose a smaller model.'),
  }),
  'model.unknownName': (f) => ({
    message: l10n.t('There is no model "{0}".', fact(f, 'name')),
    help: l10n.t('These are known: {0}. A folder can be named too.', fact(f, 'known')),
  }),
  'model.predictsNothing': (f) => ({
    message: l10n.t('{0} does not predict what comes next.', fact(f, 'name')),
    help: l10n.t('Choose a model that does, such as storyteller.'),
  }),
  'model.noOutput': (f) => ({
    message: l10n.t('{0} writes no output of its own beside the text: it is not an encoder–decoder.', fact(f, 'name')),
    help: l10n.t('Leave the tokens of the output out, or choose an encoder–decoder, such as translator.'),
  }),
  'model.noTarget': (f) => ({
    message: l10n.t('{0} is not told into which language it translates.', fact(f, 'name')),
    help: l10n.t('Leave the target language out.'),
  }),
  'model.otherTarget': (f) => ({
    message: l10n.t('{0} does not translate into "{1}".', fact(f, 'name'), fact(f, 'target')),
    help: l10n.t('It knows these languages: {0}.', fact(f, 'known')),
  }),
  'model.otherAttention': (f) => ({
    message: l10n.t('{0} has no {1} attention.', fact(f, 'name'), fact(f, 'part')),
    help: l10n.t('It has these: {0}.', fact(f, 'parts')),
  }),
  'model.noAttention': (f) => ({
    message: l10n.t('{0} is a recurrent network: it has states, and no attention.', fact(f, 'name')),
    help: l10n.t('Look at its states or at the influence of earlier tokens, or choose a transformer.'),
  }),
  'model.exported': (f) => ({
    message: l10n.t('{0} came as an exported graph, whose layers and weights cannot be told apart for this.', fact(f, 'name')),
    help: l10n.t('Open the folder with the original weights (model.safetensors) instead.'),
  }),
  'model.noPaths': (f) => ({
    message: l10n.t('What parts add to a logit is followed in decoders with the norm before each part; {0} is none.', fact(f, 'name')),
    help: l10n.t('Choose one of these, such as storyteller. The logit lens shows other models too.'),
  }),
  'model.separate': (f) => ({
    message: l10n.t('The encoder of {0} has a vocabulary and embeddings of its own: its vectors have nothing in common with the words that the decoder writes.', fact(f, 'name')),
    help: l10n.t('Look at the half of the decoder, or choose a model with one vocabulary for both, such as translator.'),
  }),
  'token.none': (f) => ({
    message: l10n.t('"{0}" comes to no token of {1}.', fact(f, 'text'), fact(f, 'name')),
    help: l10n.t('Give a word, with the space in front of it where the model has one there.'),
  }),
  'token.beyond': (f) => ({
    message: l10n.t('There is no token {0}: {1} is the last one.', fact(f, 'token'), fact(f, 'last')),
    help: l10n.t('Tokens count from 0; those of a decoder behind an encoder are the ones that it has written.'),
  }),
  'head.beyond': (f) => ({
    message: l10n.t('There is no layer or head {0}: {1} has {2} layers with {3} heads each.', fact(f, 'place'), fact(f, 'name'), fact(f, 'layers'), fact(f, 'heads')),
    help: l10n.t('Layers and heads count from 0.'),
  }),
  'folder.unreadable': (f) => ({
    message: l10n.t('The folder {0} cannot be read: {1}.', fact(f, 'folder'), fact(f, 'detail')),
    help: l10n.t('Check that it is still there and that you may read it.'),
  }),
  'folder.notOnDisk': (f) => ({
    message: l10n.t('{0} is not on a disk of the machine that runs Headlight.', fact(f, 'folder')),
    help: l10n.t('Copy the folder to that machine, and open it there.'),
  }),
  'folder.otherWeights': (f) => ({
    message: l10n.t('The weights are in a format that is not opened: {0}.', fact(f, 'files')),
    help: l10n.t('Save the model with safe_serialization=True in transformers, or look on the Hub for a version with model.safetensors or with ONNX files.'),
  }),
  'folder.missingShards': (f) => ({
    message: l10n.t('{0} names parts of the weights that are missing: {1}.', fact(f, 'index'), fact(f, 'files')),
    help: l10n.t('Download the missing files into the folder.'),
  }),
  'download.badRepo': (f) => ({
    message: l10n.t('"{0}" is not the name of a repository.', fact(f, 'name')),
    help: l10n.t('Repositories are named owner/name, with @revision behind it for a certain branch, tag or commit.'),
  }),
  'download.badEndpoint': (f) => ({
    message: l10n.t('"{0}" cannot be the address of the Hub.', fact(f, 'endpoint')),
    help: l10n.t('The setting headlight.hub.endpoint is an https address; http is for this machine only.'),
  }),
  'download.notFound': (f) => ({
    message: l10n.t('{0} was not found on {1}.', fact(f, 'repo'), fact(f, 'host')),
    help: l10n.t('Check the name; a revision may be misspelt too.'),
  }),
  'download.needsToken': (f) => ({
    message: l10n.t('{1} shows {0} only to those who sign in, or does not have it.', fact(f, 'repo'), fact(f, 'host')),
    help: l10n.t('Check the name, or give an access token of your account.'),
  }),
  'download.forbidden': (f) => ({
    message: l10n.t('{1} does not let this account have {0}.', fact(f, 'repo'), fact(f, 'host')),
    help: l10n.t("Agree to the model's conditions on its page, or give an access token that may read it."),
  }),
  'download.busy': (f) => ({
    message: l10n.t('{0} takes no more requests at the moment.', fact(f, 'host')),
    help: l10n.t('Try again later; what has arrived is kept.'),
  }),
  'download.refused': (f) => ({
    message: l10n.t('{0} answered with the error {1}.', fact(f, 'host'), fact(f, 'status')),
    help: l10n.t('Try again later; what has arrived is kept.'),
  }),
  'download.unreachable': (f) => ({
    message: l10n.t('{0} cannot be reached ({1}).', fact(f, 'host'), fact(f, 'detail')),
    help: l10n.t('Check the network, the proxy settings, and the setting headlight.hub.endpoint.'),
  }),
  'download.brokenOff': (f) => ({
    message: l10n.t('The connection to {1} broke off again and again while {0} was on its way.', fact(f, 'file'), fact(f, 'host')),
    help: l10n.t('Try again later; what has arrived is kept.'),
  }),
  'download.unsafeRedirect': (f) => ({
    message: l10n.t('{0} sent the request on to {1}, which is not followed.', fact(f, 'host'), fact(f, 'target')),
    help: l10n.t('Only https addresses are followed, and not without end. Check the setting headlight.hub.endpoint.'),
  }),
  'download.unsafeName': (f) => ({
    message: l10n.t('The repository holds a file whose name is not safe to write: {0}.', fact(f, 'file')),
    help: l10n.t('Nothing has been written. Choose another repository.'),
  }),
  'download.badListing': (f) => ({
    message: l10n.t('The list of files that {0} gave cannot be used: {1}.', fact(f, 'host'), fact(f, 'detail')),
    help: l10n.t('Check the setting headlight.hub.endpoint: it may not be a Hub.'),
  }),
  'download.noWeights': (f) => ({
    message: l10n.t('{0} has no weights that can be opened (it has: {1}).', fact(f, 'repo'), fact(f, 'found')),
    help: l10n.t('Choose a repository with model.safetensors or with ONNX files. Pickled weights (.bin) are not opened, since opening them can run code.'),
  }),
  'download.notAModel': (f) => ({
    message: l10n.t('{0} has no config.json, so that nothing says what kind of model it is.', fact(f, 'repo')),
    help: l10n.t('Choose a repository in the layout of the transformers library.'),
  }),
  'download.incomplete': (f) => ({
    message: l10n.t('The repository does not hold all that {0} names: {1}.', fact(f, 'file'), fact(f, 'detail')),
    help: l10n.t('Choose another revision or repository.'),
  }),
  'download.wrongSize': (f) => ({
    message: l10n.t('{1} sent more of {0} than its own list says.', fact(f, 'file'), fact(f, 'host')),
    help: l10n.t('The file was thrown away. Try again, or try another mirror.'),
  }),
  'download.wrongHash': (f) => ({
    message: l10n.t('What {1} sent for {0} is not the file of its own list.', fact(f, 'file'), fact(f, 'host')),
    help: l10n.t('The file was thrown away. Try again, or try another mirror.'),
  }),
  'download.noSpace': (f) => ({
    message: l10n.t('The disk has {0} left, and {1} are needed.', fact(f, 'free'), fact(f, 'needed')),
    help: l10n.t('Free some space, or remove models that were downloaded.'),
  }),
  'download.disk': (f) => ({
    message: l10n.t('The download could not be written: {0}', fact(f, 'detail')),
    help: l10n.t('The log has the details; what has arrived is kept.'),
  }),
  'download.running': (f) => ({
    message: l10n.t('{0} is being downloaded already.', fact(f, 'repo')),
    help: l10n.t('Wait for it, or cancel it in its notification, perhaps in another window.'),
  }),
  'onnx.damaged': (f) => ({
    message: l10n.t('{0} is no ONNX file that can be read: {1}.', fact(f, 'file'), fact(f, 'detail')),
    help: l10n.t('Download the file again with the files that belong to it (.onnx_data); it may have been cut short.'),
  }),
  'onnx.unfit': (f) => ({
    message: l10n.t('What {0} does cannot be shown: {1}.', fact(f, 'file'), fact(f, 'detail')),
    help: l10n.t('Export the model again with attn_implementation="eager" and free lengths, or open its safetensors weights instead.'),
  }),
  'onnx.input': (f) => ({
    message: l10n.t('{0} asks for "{1}", which cannot be made from a text.', fact(f, 'file'), fact(f, 'input')),
    help: l10n.t('Models that take token ids can be opened, with the masks, positions and empty caches that go with them.'),
  }),
  'onnx.fused': (f) => ({
    message: l10n.t('{0} keeps its attention inside an operator ({1}) from which it cannot be recovered: {2}.', fact(f, 'file'), fact(f, 'op'), fact(f, 'detail')),
    help: l10n.t('Export the model again with attn_implementation="eager" and without optimising it, or open its safetensors weights instead.'),
  }),
  'onnx.noAttention': (f) => ({
    message: l10n.t('No attention was found in {0}.', fact(f, 'file')),
    help: l10n.t('Transformers that were exported as they are can be opened; a graph that was rewritten for one machine may no longer show its parts.'),
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
  'intervention.noPositions': (f) => ({
    message: l10n.t('The positions of {0} cannot be switched off: they are not added to the embeddings, but are part of how tokens attend to each other.', fact(f, 'name')),
    help: l10n.t('Switch off heads or links instead, or take a model that adds positions, such as storyteller.'),
  }),
  'intervention.beyond': (f) => ({
    message: l10n.t('There is nothing to switch off at {0}: {1} is beyond the last one, {2}.', fact(f, 'experiment'), fact(f, 'found'), fact(f, 'last')),
    help: l10n.t('Layers, heads, neurons and tokens count from 0.'),
  }),
  'intervention.ownToken': () => ({
    message: l10n.t('A prediction needs at least one token, and a masked token cannot be left out.'),
    help: l10n.t('Leave out another token.'),
  }),
  'intervention.twice': () => ({
    message: l10n.t('Something is switched off in this run already, and effects are measured against a run where nothing is.'),
    help: l10n.t('Ask the run without experiments, with all of them in the question.'),
  }),
  'probe.missing': (f) => ({
    message: l10n.t('There is no file {0} that can be read.', fact(f, 'file')),
    help: l10n.t('Probes are made with “Headlight: Save as Probe…”.'),
  }),
  'probe.tooLarge': (f) => ({
    message: l10n.t('This file is larger than any probe, which has at most {0} MB.', fact(f, 'most')),
    help: l10n.t('A probe holds one text, what is switched off, and a few numbers.'),
  }),
  'probe.notJson': (f) => ({
    message: l10n.t('This probe is not valid JSON: {0}.', fact(f, 'detail')),
    help: l10n.t('Open it as text to mend it, or take an earlier version of the file.'),
  }),
  'probe.other': () => ({
    message: l10n.t('This file is no probe: it has no entry "headlightProbe".'),
    help: l10n.t('Probes are made with “Headlight: Save as Probe…”.'),
  }),
  'probe.newer': (f) => ({
    message: l10n.t('This probe is of version {0}, and only version {1} can be read.', fact(f, 'version'), fact(f, 'known')),
    help: l10n.t('Update Headlight to open it.'),
  }),
  'probe.malformed': (f) => ({
    message: l10n.t('This probe is damaged: at "{0}" stands {1} where {2} is expected.', fact(f, 'place'), fact(f, 'found'), fact(f, 'expected')),
    help: l10n.t('Open it as text to mend it, or take an earlier version of the file.'),
  }),
  'probe.unknownEntry': (f) => ({
    message: l10n.t('This probe has an entry that is not known: "{0}".', fact(f, 'place')),
    help: l10n.t('Open it as text and take the entry out, so that nothing is lost when it is saved.'),
  }),
  'probe.misfit': (f) => ({
    message: l10n.t('This probe does not fit {0}: {1} is {2}, beyond the last one, {3}.', fact(f, 'name'), fact(f, 'place'), fact(f, 'found'), fact(f, 'last')),
    help: l10n.t('Choose the model that it was made with, or open it as text to mend it.'),
  }),
  'export.tooLarge': (f) => ({
    message: l10n.t('The whole trace takes {0} MB, more than the {1} MB that can be written from here.', fact(f, 'size'), fact(f, 'most')),
    help: l10n.t('Choose a shorter text, or write it with the command line: headlight trace.'),
  }),
  'intervention.unreadable': (f) => ({
    message: l10n.t('"{0}" does not say what to switch off.', fact(f, 'experiment')),
    help: l10n.t('These do: head:3.5, attn:1, mlp:2, neuron:2.100, token:4, link:3.5:7>2 (all heads: link:3:7>2), positions; of an encoder–decoder also head:cross.3.5, mlp:encoder.2.'),
  }),
  'run.otherTokens': () => ({
    message: l10n.t('The two runs are not about the same tokens.'),
    help: l10n.t('Look at the text again, so that both are run anew.'),
  }),
  'patch.otherModel': (f) => ({
    message: l10n.t('One text was run through {0} and the other through {1}.', fact(f, 'clean'), fact(f, 'corrupted')),
    help: l10n.t('Run both through the same model: what is inside one means nothing in the other.'),
  }),
  'patch.apart': (f) => ({
    message: l10n.t('The two texts have only {0} of {1} tokens in common, too few to say which stand for each other.', fact(f, 'same'), fact(f, 'of')),
    help: l10n.t('Change a word or two of the text instead of all of it.'),
  }),
  'patch.noPartner': (f) => ({
    message: l10n.t('Nothing in the other text stands for token {0} "{1}", whose prediction is looked at.', fact(f, 'position'), fact(f, 'token')),
    help: l10n.t('Choose a token that both texts have, or change the other text before it.'),
  }),
  'patch.same': () => ({
    message: l10n.t('Up to this prediction the two texts are the same, so there is nothing to restore.'),
    help: l10n.t('Change a word that comes before the prediction.'),
  }),
  'attention.noRollout': () => ({
    message: l10n.t('Attention can be rolled out over layers only where tokens attend to the same tokens.'),
    help: l10n.t("Choose the encoder's or the decoder's own attention."),
  }),
  'lesson.noToken': (f) => ({
    message: l10n.t('There is no token “{0}” in what {1} reads or writes here.', fact(f, 'token'), fact(f, 'name')),
    help: l10n.t('Tokens are named by their text: the#2 is the second “the”, output:Buch one that the decoder wrote. The picture shows which there are.'),
  }),
  'lesson.notOneToken': (f) => ({
    message: l10n.t('“{0}” is not one token of {1} but {2}.', fact(f, 'token'), fact(f, 'name'), fact(f, 'tokens')),
    help: l10n.t('Most tokens that begin a word begin with a blank. Take a word that is one token.'),
  }),
  'lesson.mistakes': (f) => ({
    message: l10n.t('{0} has mistakes and cannot be taken as a lesson yet: {1}', fact(f, 'file'), fact(f, 'first')),
    help: l10n.t('They are underlined in the file and listed under Problems.'),
  }),
  'lesson.gone': (f) => ({
    message: l10n.t('The lesson {0} is not there any more.', fact(f, 'id')),
    help: l10n.t('Open another one from the course.'),
  }),
  'lesson.badProgress': (f) => ({
    message: l10n.t('{0} does not hold the progress of lessons: {1}.', fact(f, 'file'), fact(f, 'detail')),
    help: l10n.t('Such a file is saved by “Headlight: Export Lesson Progress”.'),
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
