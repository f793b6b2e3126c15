#!/usr/bin/env node
/** `headlight`: the engine without an editor. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { ablate } from './cli/ablate.ts';
import { attention } from './cli/attention.ts';
import { attribution, type LayerAndHead } from './cli/attribution.ts';
import { heads } from './cli/heads.ts';
import { lens } from './cli/lens.ts';
import { lesson, type LessonOptions } from './cli/lesson.ts';
import { models } from './cli/models.ts';
import { next } from './cli/next.ts';
import { probe, type ProbeOptions } from './cli/probe.ts';
import { patch } from './cli/patch.ts';
import { reportFailure, withEngine, type Common } from './cli/session.ts';
import { surprisal } from './cli/surprisal.ts';
import { sweep } from './cli/sweep.ts';
import { tokens } from './cli/tokens.ts';
import { trace } from './cli/trace.ts';
import { write } from './cli/write.ts';

const whole = (value: string): number => {
  const number = Number(value);
  if (!Number.isInteger(number)) throw new InvalidArgumentError('It must be a whole number.');
  return number;
};

const wholes = (value: string): number[] => value.split(',').map(whole);

const filled = (value: string): string => {
  if (!value) throw new InvalidArgumentError('It must not be empty.');
  return value;
};

const layerAndHead = (value: string): LayerAndHead => {
  const [layer, head, ...more] = value.split('.').map(Number);
  if (layer === undefined || head === undefined || more.length || ![layer, head].every((number) => Number.isInteger(number) && number >= 0)) throw new InvalidArgumentError('It must be a layer and a head, from 0: 3.1');
  return { layer, head };
};

const percent = (value: string): number => {
  const number = Number(value);
  if (!(number > 0 && number <= 100)) throw new InvalidArgumentError('It must lie between 0 and 100.');
  return number;
};

/** A command that looks at one text with one model. */
function onText(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('-m, --model <name|folder>', 'an embedded model, or a folder in Hugging Face layout', 'storyteller')
    .addOption(new Option('-t, --text <text>', 'the text to look at').conflicts(['textFile', 'ids']))
    .addOption(new Option('-f, --text-file <file>', 'a UTF-8 file to look at; - is standard input').conflicts(['text', 'ids']))
    .addOption(new Option('--ids <ids>', 'token ids instead of a text: 1,2,3').argParser(wholes).conflicts(['text', 'textFile']))
    .addOption(new Option('--decoder-ids <ids>', 'token ids of the output of an encoder–decoder, its start token first, instead of what it writes itself').argParser(wholes))
    .option('--target <language>', 'language that a translating model writes: fra')
    .option('--window-start <token>', 'first token shown of a text longer than the model can see', whole, 0)
    .option('--threads <count>', 'threads of the runtime; 0 decides from the machine', whole, 0)
    .addOption(new Option('--precision <precision>', 'float32, or 8-bit weights, whose cost is measured and told on standard error; by default what fits into memory').choices(['float32', '8-bit']));
}

const JSON_OPTION = ['--json', 'print the result as JSON'] as const;

const program = new Command('headlight').description('See what a transformer does with your text.').version(process.env['npm_package_version'] ?? '0.1.0').showHelpAfterError();

onText('tokens', 'the tokens of a text: ids, bytes, exact ranges')
  .option(...JSON_OPTION)
  .action((options: Common) => withEngine(options, (session) => tokens(session, options)));

onText('attention', 'who attends to whom: the strongest links of each token')
  .addOption(new Option('--part <part>', 'of an encoder–decoder: how its text reads itself, its output itself, or its output the text, the default').choices(['encoder', 'decoder', 'cross']))
  .option('-l, --layer <layer>', 'layer, from 0; the middle one by default', whole)
  .option('--head <heads>', 'heads, from 0: 0,3; all of them averaged by default', wholes)
  .option('-p, --percent <percent>', 'show the fewest links that carry this share of each row', percent, 70)
  .addOption(new Option('--sink <how>', 'the first token: shown, or taken out and the rest renormalised').choices(['show', 'remove']).default('show'))
  .option('--words', 'merge pieces to words')
  .option(...JSON_OPTION)
  .action((options: Common & Parameters<typeof attention>[1]) => withEngine(options, (session) => attention(session, options)));

onText('next', 'what the model expects next, or in place of a token')
  .option('--position <position>', 'after which token, of the output where there is one, or in place of which; the last by default, or the first where the model writes itself', whole)
  .option('-k, --top <count>', 'how many candidates', whole, 10)
  .option(...JSON_OPTION)
  .action((options: Common & Parameters<typeof next>[1]) => withEngine(options, (session) => next(session, options), { fetch: 'predictions' }));

onText('lens', 'what the head would predict after each layer, from the embedding on (logit lens)')
  .addOption(new Option('--part <part>', 'of an encoder–decoder: which half, the decoder by default; the encoder has no head of its own, so the decoder’s reads it').choices(['encoder', 'decoder']))
  .option('--position <position>', 'one token, of the output where there is one and of the text for an encoder, and more candidates for it; the last few by default', whole)
  .option('--token <text>', 'a token whose rank is told for every layer: " word"', filled)
  .option('-k, --top <count>', 'how many candidates', whole, 3)
  .option(...JSON_OPTION)
  .action((options: Common & Parameters<typeof lens>[1]) => withEngine(options, (session) => lens(session, options), { fetch: 'predictions' }));

onText('attribution', 'what the embedding, each head and each feed-forward part add to the logit of a token (direct logit attribution)')
  .option('--position <position>', 'after which token; the last by default', whole)
  .option('--token <text>', 'the token: " word"; the likeliest by default', filled)
  .option('--rival <text>', 'a token whose logit is taken away', filled)
  .option('--head <layer.head>', 'what one head adds, by the tokens it looks at: 3.1', layerAndHead)
  .option(...JSON_OPTION)
  .action((options: Common & Parameters<typeof attribution>[1]) => withEngine(options, (session) => attribution(session, options), { fetch: 'predictions' }));

/** A command about one prediction with something switched off. */
const onPrediction = (name: string, description: string): Command =>
  onText(name, description)
    .option('--position <position>', 'which prediction: after this token, of the output where there is one, or in place of it; as in next', whole)
    .option('--token <text>', 'the token that is asked about: " word"; the likeliest by default', filled)
    .option('--rival <text>', 'a token that its logit is held against', filled)
    .option('--mean', 'put the mean over the text in place of what is switched off, not zero')
    .option(...JSON_OPTION);

onPrediction('ablate', 'how a prediction changes when things are switched off')
  .requiredOption('--off <what>', 'head:3.5, attn:1, mlp:2, neuron:2.100, token:4, link:3.5:7>2 (query > key), positions; several add up', (value: string, before?: readonly string[]) => [...(before ?? []), value])
  .option('--no-renormalize', 'leave the rest of a row as it is where a link is cut')
  .option('-k, --top <count>', 'how many candidates', whole, 10)
  .action((options: Common & Parameters<typeof ablate>[1]) => withEngine(options, (session) => ablate(session, options), { fetch: 'predictions' }));

onPrediction('sweep', 'what matters for a prediction: each head, part or token switched off alone')
  .addOption(new Option('--over <what>', 'what is switched off').choices(['heads', 'parts', 'tokens']).default('heads'))
  .addOption(new Option('--part <part>', 'of an encoder–decoder: only its encoder, its decoder, or how that reads the text').choices(['encoder', 'decoder', 'cross']))
  .action((options: Common & Parameters<typeof sweep>[1]) => withEngine(options, (session) => sweep(session, options), { fetch: 'predictions' }));

onText('patch', 'how much of a prediction comes back when one thing at a time of the text is put into another text (activation patching)')
  .addOption(new Option('-c, --corrupted <text>', 'the other text, which differs in a word or two').conflicts('corruptedIds'))
  .addOption(new Option('--corrupted-ids <ids>', 'token ids instead of the other text: 1,2,3').argParser(wholes))
  .option('--position <position>', 'which prediction of the first text: after this token, of the output where there is one, or in place of it; as in next', whole)
  .option('--token <text>', 'the token that is asked about: " word"; the likeliest in the first text by default', filled)
  .option('--rival <text>', 'a token that its logit is held against; the likeliest in the other text by default, where that is another', filled)
  .addOption(new Option('--over <what>', 'what is put in: the residual stream before each layer, what attention or the feed-forward part adds, or a head at all positions').choices(['resid_pre', 'attn_out', 'mlp_out', 'z']).default('resid_pre'))
  .addOption(new Option('--part <part>', 'of an encoder–decoder: only its encoder, its decoder, or how that reads the text').choices(['encoder', 'decoder', 'cross']))
  .option(...JSON_OPTION)
  .action((options: Common & Parameters<typeof patch>[1]) => withEngine(options, (session) => patch(session, options), { fetch: 'predictions' }));

onText('heads', 'what each head looks at: the token before, itself, the same token, what followed it, the first token, punctuation')
  .addOption(new Option('--part <part>', 'of an encoder–decoder: whose heads').choices(['encoder', 'decoder', 'cross']))
  .addOption(new Option('--sort <score>', 'the heads with the most of a score first').choices(['entropy', 'first', 'previous', 'self', 'same', 'induction', 'punctuation', 'distance']))
  .option('--repeated', 'on random tokens, the same row of them twice, instead of the text: the standard test of induction heads')
  .option('--seed <number>', 'with --repeated: which random tokens', whole, 1)
  .option('--length <count>', 'with --repeated: tokens of the row', whole, 25)
  .option('--repeats <count>', 'with --repeated: how often the row comes', whole, 2)
  .option(...JSON_OPTION)
  .action((options: Common & Parameters<typeof heads>[1]) => withEngine(options.repeated && !options.ids && !options.textFile ? { text: 'a', ...options } : options, (session) => heads(session, options))); // The test brings tokens of its own: any run will do.

onText('surprisal', 'how surprising each token is after those before it')
  .option(...JSON_OPTION)
  .action((options: Common & Parameters<typeof surprisal>[1]) => withEngine(options, (session) => surprisal(session, options), { fetch: 'predictions' }));

onText('write', 'what the decoder of an encoder–decoder writes, token by token')
  .option(...JSON_OPTION)
  .action(write);

onText('trace', "every hook point under its TransformerLens name, as a safetensors file of float32")
  .requiredOption('-o, --out <file>', 'the file to write')
  .action((options: Common & Parameters<typeof trace>[1]) => withEngine(options, (session) => trace(session, options), { fetch: 'everything' }));

program
  .command('lesson')
  .description('check a lesson file: mistakes, claims beside what is measured, answers with what they come to; or decide the answers of a progress file again')
  .argument('<file>', 'a lesson (.md) or the progress of lessons (.json)')
  .option('--threads <count>', 'threads of the runtime; 0 decides from the machine', whole, 0)
  .option(...JSON_OPTION)
  .action((file: string, options: LessonOptions) => lesson(file, options));

program
  .command('probe')
  .argument('<file>', 'a file that ends in .probe.json')
  .description('run a probe again: what it gives now, and what differs from when it was saved; the exit code is 1 where something does')
  .option('--model-folder <folder>', 'a folder in Hugging Face layout in place of the model that the probe names')
  .option('--threads <count>', 'threads of the runtime; 0 decides from the machine', whole, 0)
  .option(...JSON_OPTION)
  .action((file: string, options: ProbeOptions) => probe(file, options));

program
  .command('models')
  .description('the models that come with Headlight')
  .option(...JSON_OPTION)
  .action((options: { json?: boolean }) => models(options));

program.parseAsync().catch(reportFailure);
