/** Finds a model folder's tokenizer: tokenizer.json, or the older files of each family. */
import * as v from 'valibot';
import type { ModelFiles } from '../files.ts';
import { ProblemError } from '../problemError.ts';
import { Tokenizer } from '../tokenizer.ts';
import { badTokenizer, type TokenizerDefinition } from './definition.ts';
import { marianDefinition } from './marianFiles.ts';
import { readSentencePiece, type SentencePieceModel } from './sentencePiece.ts';
import { camembertDefinition, llamaDefinition, t5Definition, xlmRobertaDefinition } from './sentencePieceFiles.ts';
import type { Settings } from './specialTokens.ts';
import { mergeConfigs, NO_CONFIG, parseJson, readConfig, type TokenizerConfig } from './tokenizerConfig.ts';
import { bertDefinition, byteLevelDefinition, readIds, type ByteLevelFamily } from './vocabularyFiles.ts';

export interface Tokenizers {
  /** Of the text. */
  readonly text: Tokenizer;
  /** Of what an encoder–decoder writes; the same one where a model has only one. */
  readonly output: Tokenizer;
}

/** What is known of a folder when its vocabulary is read. */
interface Folder extends Settings {
  readonly files: ModelFiles;
  /** `model_type` of config.json. */
  readonly type: string;
}

/** A kind of tokenizer that was kept in files of its own before there was tokenizer.json. */
interface Family {
  /** Names of its class in tokenizer_config.json, without the `Fast` behind them. */
  readonly classes: readonly string[];
  /** `model_type`s that have it where no class is named. */
  readonly types: readonly string[];
  readonly needs: readonly string[];
  readonly open: (folder: Folder) => Promise<Tokenizers>;
}

/** Names that say nothing of how a text is cut up. */
const GENERIC = ['PreTrainedTokenizer', 'TokenizersBackend'];

/** How a text is cut up is in no such file: each family has its own way, and another's would give other tokens. */
const FAMILIES: readonly Family[] = [
  { classes: ['BertTokenizer', 'DistilBertTokenizer'], types: ['bert', 'distilbert'], needs: ['vocab.txt'], open: openBert },
  byteLevel('gpt2', ['GPT2Tokenizer', 'CodeGenTokenizer'], ['gpt2', 'phi']),
  byteLevel('roberta', ['RobertaTokenizer', 'BartTokenizer'], ['roberta', 'bart']),
  byteLevel('qwen2', ['Qwen2Tokenizer'], ['qwen2', 'qwen3']),
  sentencePiece('spiece.model', t5Definition, ['T5Tokenizer', 'MT5Tokenizer'], ['t5', 'mt5']),
  sentencePiece('tokenizer.model', llamaDefinition, ['LlamaTokenizer', 'GemmaTokenizer'], ['llama', 'mistral', 'gemma', 'gemma2', 'gemma3_text']),
  sentencePiece('sentencepiece.bpe.model', xlmRobertaDefinition, ['XLMRobertaTokenizer'], ['xlm-roberta']),
  sentencePiece('sentencepiece.bpe.model', camembertDefinition, ['CamembertTokenizer'], ['camembert']),
  { classes: ['MarianTokenizer'], types: ['marian'], needs: ['source.spm', 'target.spm', 'vocab.json'], open: openMarian },
];

/** @throws {ProblemError} `model.missingFile`, `model.badTokenizer` or `model.notJson`, naming the file */
export async function openTokenizers(files: ModelFiles): Promise<Tokenizers> {
  const folder = await readFolder(files);
  const file = 'tokenizer.json';
  if ((await files.size(file)) !== null) return blaming(file, async () => both(Tokenizer.parse(await files.text(file), folder.config)));
  const family = familyOf(folder);
  const sizes = await Promise.all(family?.needs.map((needed) => files.size(needed)) ?? []);
  if (!family || sizes.includes(null)) throw new ProblemError('model.missingFile', { file, folder: files.folder });
  return family.open(folder);
}

function familyOf({ config, type }: Folder): Family | undefined {
  const name = config.tokenizer_class?.replace(/Fast$/, '');
  return name === undefined || GENERIC.includes(name) ? FAMILIES.find(({ types }) => types.includes(type)) : FAMILIES.find(({ classes }) => classes.includes(name));
}

async function readFolder(files: ModelFiles): Promise<Folder> {
  const own = await readConfigFile(files, 'tokenizer_config.json');
  const map = await readConfigFile(files, 'special_tokens_map.json');
  const listed = 'added_tokens.json';
  const model = v.safeParse(v.object({ model_type: v.string() }), await readJson(files, 'config.json'));
  return {
    files,
    type: model.success ? model.output.model_type : '',
    config: mergeConfigs(own, map),
    listed: (await files.size(listed)) === null ? {} : await blaming(listed, async () => readIds(listed, await files.text(listed))),
  };
}

async function readConfigFile(files: ModelFiles, file: string): Promise<TokenizerConfig> {
  return (await files.size(file)) === null ? NO_CONFIG : readConfig(file, await files.text(file));
}

async function readJson(files: ModelFiles, file: string): Promise<unknown> {
  return (await files.size(file)) === null ? null : parseJson(file, await files.text(file));
}

const both = (tokenizer: Tokenizer): Tokenizers => ({ text: tokenizer, output: tokenizer });

function sentencePiece(file: string, define: (model: SentencePieceModel, settings: Settings) => TokenizerDefinition, classes: readonly string[], types: readonly string[]): Family {
  const open = (folder: Folder): Promise<Tokenizers> => blaming(file, async () => both(Tokenizer.build(define(await readPieces(folder.files, file), folder), folder.config)));
  return { classes, types, needs: [file], open };
}

async function openMarian(folder: Folder): Promise<Tokenizers> {
  const { files, config } = folder;
  const side = async (pieces: string, table: string): Promise<Tokenizer> => {
    const ids = await blaming(table, async () => readIds(table, await files.text(table)));
    return blaming(pieces, async () => Tokenizer.build(marianDefinition(await readPieces(files, pieces), ids, folder), config));
  };
  return { text: await side('source.spm', 'vocab.json'), output: await side('target.spm', config.separate_vocabs ? 'target_vocab.json' : 'vocab.json') };
}

function byteLevel(family: ByteLevelFamily, classes: readonly string[], types: readonly string[]): Family {
  const open = (folder: Folder): Promise<Tokenizers> =>
    blaming('vocab.json + merges.txt', async () => {
      const definition = byteLevelDefinition(family, await folder.files.text('vocab.json'), await folder.files.text('merges.txt'), folder);
      return both(Tokenizer.build(definition, folder.config));
    });
  return { classes, types, needs: ['vocab.json', 'merges.txt'], open };
}

async function openBert(folder: Folder): Promise<Tokenizers> {
  return blaming('vocab.txt', async () => both(Tokenizer.build(bertDefinition(await folder.files.text('vocab.txt'), folder), folder.config)));
}

/** SentencePiece models of a quarter of a million pieces have 5 MB. */
const LARGEST_PIECES = 100_000_000;

async function readPieces(files: ModelFiles, file: string): Promise<SentencePieceModel> {
  const size = await files.size(file);
  if (size === null) throw new ProblemError('model.missingFile', { file, folder: files.folder });
  if (size > LARGEST_PIECES) throw badTokenizer('it is too large for a SentencePiece model');
  return readSentencePiece(await files.range(file, 0, size));
}

/** Names the file in what is wrong with it: what checks a definition knows only tokenizer.json. */
async function blaming<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof ProblemError) || cause.problem.code !== 'model.badTokenizer' || cause.problem.facts['file'] !== undefined) throw cause;
    throw new ProblemError('model.badTokenizer', { ...cause.problem.facts, file }, { cause });
  }
}
