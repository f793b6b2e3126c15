/** One step of a lesson, read: its heading, its prose and its blocks. */
import * as l10n from '@vscode/l10n';
import type { Block, Inline, LessonStep } from '../protocol.ts';
import { claims as claimsSchema, show as showSchema } from './blockSchemas.ts';
import { readCheck } from './checkReader.ts';
import type { Claim, Setting, StepFile } from './lessonFile.ts';
import type { MarkdownToken } from './markdown.ts';
import { elsewhereOf, isModelFact } from './measurement.ts';
import { measurementWords } from './measurementWords.ts';
import type { Mistakes, TextRange } from './mistakes.ts';
import { ProseReader, type Mention, type ProsePlace } from './prose.ts';
import { fitted } from './schemaMistakes.ts';
import { readYaml, type YamlBlock } from './yamlBlock.ts';

/** What a lesson may name. */
export interface Known {
  readonly models: readonly string[];
  /** Ids of the course's lessons. */
  readonly lessons: readonly string[];
}

export interface Source {
  readonly source: string;
  /** Offset of each line. */
  readonly lines: readonly number[];
  readonly mistakes: Mistakes;
  readonly known: Known;
}

interface RawStep {
  readonly heading: MarkdownToken;
  /** Of the heading's line. */
  readonly range: TextRange;
  readonly tokens: readonly MarkdownToken[];
}

/** A fenced block that is not prose. */
interface Fence {
  readonly kind: 'show' | 'claims' | 'check';
  readonly block: YamlBlock;
  readonly range: TextRange;
}

const blockKinds = ['show', 'claims', 'check'] as const;

export class StepReader {
  private readonly mentions: Mention[] = [];

  constructor(private readonly file: Source) {}

  /**
   * @param before what the step before is about
   * @param seenBefore what was to be seen last
   */
  read({ heading, range, tokens }: RawStep, before: Setting | null, seenBefore: StepFile['seen']): { page: LessonStep; file: StepFile } {
    const { mistakes } = this.file;
    const fences = this.fences(tokens);
    const show = this.show(fences);
    const setting = show ? this.settingOf(show, before) : before;
    const measured = this.claims(fences, setting);
    const place = (at: TextRange): ProsePlace => ({ file: this.file.source, range: at, mistakes, mention: (mention) => this.mentions.push(mention), measured: (id) => measured.find((claim) => claim.id === id)?.words ?? '' });
    const { id, title } = this.heading(heading, place(range));
    const prose = this.prose(tokens, place);
    const checkFence = fences.find(({ kind }) => kind === 'check');
    const check = checkFence ? readCheck(checkFence.block, place, mistakes, this.file.known) : null;
    if (check && !setting && check.wish.kind !== 'choice') mistakes.add(checkFence?.range ?? range, l10n.t('A check is about a model and a text: name them in a show block of this step or of one before.'));
    const claims = measured.map(({ id: claimed, measurement, block, path }) => ({ id: claimed, measurement, block, path, stated: this.statedAs(claimed) }));
    this.unmatched(claims);
    const editable = show?.wish.editable ?? check?.wish.kind === 'text';
    return {
      page: { id, title, prose, show: setting && { model: setting.model, text: setting.text, editable }, check: check?.page ?? null },
      file: { id, range, setting, show, seen: show?.wish ?? seenBefore, claims, check: check?.file ?? null, mentions: this.mentions },
    };
  }

  /** `## Title {#id}` */
  private heading(heading: MarkdownToken, place: ProsePlace): { id: string; title: Inline[] } {
    const title = new ProseReader(place).inline(heading.children ?? []);
    const last = title.at(-1);
    const [written = '', id] = (last?.kind === 'text' && /\s*\{#([a-z0-9][a-z0-9-]{0,60})\}\s*$/.exec(last.text)) || [];
    if (id === undefined || last?.kind !== 'text') {
      place.mistakes.add(place.range, l10n.t('A step has an id, by which progress is kept: write {0} behind its title.', '{#id}'));
      return { id: `step-${String(place.range.start)}`, title };
    }
    const rest = last.text.slice(0, last.text.length - written.length);
    return { id, title: [...title.slice(0, -1), ...(rest ? [{ kind: 'text' as const, text: rest }] : [])] };
  }

  private prose(tokens: readonly MarkdownToken[], place: (at: TextRange) => ProsePlace): Block[] {
    const found: Block[] = [];
    for (let index = 0; index < tokens.length; ) {
      let end = index;
      while (end < tokens.length - 1 && tokens[end + 1]?.level !== 0) end++;
      // The closing token is of level 0 again.
      if (tokens[index]?.nesting === 1) end++;
      const own = tokens.slice(index, end + 1);
      const [first] = own;
      if (first?.map && !kindOf(first)) found.push(...new ProseReader(place(this.linesRange(first.map))).blocks(own));
      index = end + 1;
    }
    for (const token of tokens) if (token.type === 'fence' && token.level > 0 && kindOf(token) && token.map) this.file.mistakes.add(this.linesRange(token.map), l10n.t('A block stands by itself, not in a list or a quotation.'));
    return found;
  }

  /** The step's blocks; more than one of a kind is a mistake. */
  private fences(tokens: readonly MarkdownToken[]): Fence[] {
    const found: Fence[] = [];
    for (const token of tokens) {
      const kind = kindOf(token);
      if (!kind || token.level > 0 || !token.map) continue;
      const range = this.linesRange(token.map);
      if (found.some((fence) => fence.kind === kind)) this.file.mistakes.add(range, l10n.t('A step has one block “{0}” only.', kind));
      const { source, lines, mistakes } = this.file;
      const [first, beyond] = token.map;
      const start = lines[first + 1] ?? source.length;
      const closed = /^ {0,3}(`{3,}|~{3,})\s*$/.test(source.slice(lines[beyond - 1] ?? source.length, lines[beyond] ?? source.length)) && beyond - 1 > first;
      if (!closed) mistakes.add(range, l10n.t('This block is not closed.'));
      const block = readYaml(source.slice(start, Math.max(start, (closed ? lines[beyond - 1] : lines[beyond]) ?? source.length)), start, mistakes);
      if (block) found.push({ kind, block, range });
    }
    return found;
  }

  private show(fences: readonly Fence[]): StepFile['show'] {
    const fence = fences.find(({ kind }) => kind === 'show');
    const wish = fence && fitted(showSchema, fence.block, this.file.mistakes);
    if (!fence || !wish) return null;
    this.knownModel(wish.model, fence.block.rangeOf(['model']));
    return { wish, block: fence.block };
  }

  private knownModel(model: string | undefined, range: TextRange): void {
    const { known, mistakes } = this.file;
    if (model !== undefined && !known.models.includes(model)) mistakes.add(range, l10n.t('There is no model {0}. There are {1}.', model, known.models.join(', ')));
  }

  private settingOf(show: NonNullable<StepFile['show']>, before: Setting | null): Setting | null {
    const { model = before?.model, text = before?.text, target = before?.target } = show.wish;
    if (model !== undefined && text !== undefined) return { model, text, ...(target === undefined ? {} : { target }) };
    this.file.mistakes.add(show.block.rangeOf([]), l10n.t('The first show block of a lesson names a model and a text.'));
    return null;
  }

  private claims(fences: readonly Fence[], setting: Setting | null): (Omit<Claim, 'stated'> & { readonly words: string })[] {
    const fence = fences.find(({ kind }) => kind === 'claims');
    const all = fence && fitted(claimsSchema, fence.block, this.file.mistakes);
    if (!fence || !all) return [];
    return Object.entries(all).map(([id, measurement]) => {
      this.knownModel(elsewhereOf(measurement).model, fence.block.rangeOf([id, isModelFact(measurement) ? 'of' : 'model']));
      return { id, measurement, block: fence.block, path: [id], words: measurementWords(measurement, setting?.model ?? '') };
    });
  }

  private statedAs(id: string): Claim['stated'] {
    return this.mentions.flatMap((mention) => (mention.of === 'claim' && mention.id === id ? [{ text: mention.stated, range: mention.range }] : []));
  }

  /** Claims that are not measured, measurements that nothing claims, lessons that are not there. */
  private unmatched(claims: readonly Claim[]): void {
    const { mistakes, known } = this.file;
    for (const mention of this.mentions) {
      if (mention.of === 'claim' && !claims.some(({ id }) => id === mention.id)) mistakes.add(mention.range, l10n.t('The claims block of this step has no measurement “{0}”.', mention.id));
      if (mention.of === 'lesson' && !known.lessons.includes(mention.id)) mistakes.add(mention.range, l10n.t('The course has no lesson “{0}”.', mention.id));
    }
    for (const { id, stated, block, path } of claims) if (stated.length === 0) mistakes.add(block.keyRangeOf(path), l10n.t('Nothing in this step states “{0}”.', id), 'warning');
  }

  private linesRange([first, beyond]: readonly [number, number]): TextRange {
    const { source, lines } = this.file;
    return { start: lines[first] ?? source.length, end: Math.max(lines[first] ?? 0, (lines[beyond] ?? source.length + 1) - 1) };
  }
}

function kindOf(token: MarkdownToken): Fence['kind'] | null {
  return token.type === 'fence' ? (blockKinds.find((kind) => token.info.trim() === kind) ?? null) : null;
}
