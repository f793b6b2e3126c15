/** Finds a model folder's tokenizer: tokenizer.json, or the older files of each family. */
import * as v from 'valibot';
import type { ModelFiles } from '../files.ts';
import { ProblemError } from '../problemError.ts';
import { Tokenizer } from '../tokenizer.ts';
import { badTokenizer, type TokenizerDefinition } from './definition.ts';
import { marianDefinition } from './marianFiles.ts';
import { readSentencePiece, type SentencePieceModel } from './sentencePiece.ts';
import { llamaDefinition, t5Definition, xlmRobertaDefinition } from './sentencePieceFiles.ts';
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

/** Files that a tokenizer is made of, looked for in this order. */
const WAYS: readonly { readonly needs: readonly string[]; readonly open: (folder: Folder) => Promise<Tokenizers> }[] = [
  { needs: ['tokenizer.json'], open: openTokenizerJson },
  { needs: ['source.spm', 'target.spm', 'vocab.json'], open: openMarian },
  { needs: ['spiece.model'], open: (folder) => openSentencePiece(folder, 'spiece.model', t5Definition) },
  { needs: ['sentencepiece.bpe.model'], open: (folder) => openSentencePiece(folder, 'sentencepiece.bpe.model', (model, settings) => xlmRobertaDefinition(model, settings, folder.type === 'camembert')) },
  { needs: ['tokenizer.model'], open: (folder) => openSentencePiece(folder, 'tokenizer.model', llamaDefinition) },
  { needs: ['vocab.json', 'merges.txt'], open: openByteLevel },
  { needs: ['vocab.txt'], open: openBert },
];

/** @throws {ProblemError} `model.missingFile`, `model.badTokenizer` or `model.notJson`, naming the file */
export async function openTokenizers(files: ModelFiles): Promise<Tokenizers> {
  for (const { needs, open } of WAYS) {
    const sizes = await Promise.all(needs.map((file) => files.size(file)));
    if (sizes.every((size) => size !== null)) return open(await readFolder(files));
  }
  throw new ProblemError('model.missingFile', { file: 'tokenizer.json', folder: files.folder });
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

async function openTokenizerJson({ files, config }: Folder): Promise<Tokenizers> {
  return both(Tokenizer.parse(await files.text('tokenizer.json'), config));
}

async function openSentencePiece(folder: Folder, file: string, define: (model: SentencePieceModel, settings: Settings) => TokenizerDefinition): Promise<Tokenizers> {
  return blaming(file, async () => both(Tokenizer.build(define(await readPieces(folder.files, file), folder), folder.config)));
}

async function openMarian(folder: Folder): Promise<Tokenizers> {
  const { files, config } = folder;
  const side = async (pieces: string, table: string): Promise<Tokenizer> => {
    const ids = await blaming(table, async () => readIds(table, await files.text(table)));
    return blaming(pieces, async () => Tokenizer.build(marianDefinition(await readPieces(files, pieces), ids, folder), config));
  };
  return { text: await side('source.spm', 'vocab.json'), output: await side('target.spm', config.separate_vocabs ? 'target_vocab.json' : 'vocab.json') };
}

const BYTE_LEVEL_BY_TYPE: Readonly<Record<string, ByteLevelFamily>> = { gpt2: 'gpt2', phi: 'gpt2', roberta: 'roberta', bart: 'roberta', qwen2: 'qwen2', qwen3: 'qwen2' };
const BYTE_LEVEL_BY_CLASS: Readonly<Record<string, ByteLevelFamily>> = { GPT2Tokenizer: 'gpt2', CodeGenTokenizer: 'gpt2', RobertaTokenizer: 'roberta', BartTokenizer: 'roberta', Qwen2Tokenizer: 'qwen2' };

async function openByteLevel(folder: Folder): Promise<Tokenizers> {
  const { files, type, config } = folder;
  const family = BYTE_LEVEL_BY_CLASS[config.tokenizer_class?.replace(/Fast$/, '') ?? ''] ?? BYTE_LEVEL_BY_TYPE[type];
  // How such a text is cut before it is looked up is in neither file: guessed, it would give other tokens.
  if (!family) throw new ProblemError('model.missingFile', { file: 'tokenizer.json', folder: files.folder });
  const merges = await files.text('merges.txt');
  return blaming('vocab.json', async () => both(Tokenizer.build(byteLevelDefinition(family, await files.text('vocab.json'), merges, folder), config)));
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
