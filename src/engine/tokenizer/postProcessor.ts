/** Post-processors: what a tokenizer puts around a text. */
import { badTokenizer, type PostProcessorDefinition } from './definition.ts';

/** Ids put before and after a single text. */
export interface Surroundings {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Reads what tokenizer.json describes under `post_processor`. */
export function readPostProcessor(definition: PostProcessorDefinition | null): Surroundings {
  if (!definition) return { before: [], after: [] };
  switch (definition.type) {
    case 'ByteLevel':
      return { before: [], after: [] };
    case 'BertProcessing':
    case 'RobertaProcessing':
      return { before: [definition.cls[1]], after: [definition.sep[1]] };
    case 'TemplateProcessing':
      return readTemplate(definition);
    case 'Sequence':
      return definition.processors.map(readPostProcessor).reduce<Surroundings>(
        (inner, outer) => ({ before: [...outer.before, ...inner.before], after: [...inner.after, ...outer.after] }),
        { before: [], after: [] },
      );
    default:
      return definition satisfies never;
  }
}

function readTemplate(template: Extract<PostProcessorDefinition, { type: 'TemplateProcessing' }>): Surroundings {
  const place = template.single.findIndex((piece) => 'Sequence' in piece);
  const again = template.single.findLastIndex((piece) => 'Sequence' in piece);
  if (place < 0 || again !== place) throw badTokenizer('post_processor.single: the text must stand in it once');
  const ids = (pieces: typeof template.single): number[] =>
    pieces.flatMap((piece) => {
      if (!('SpecialToken' in piece)) return [];
      const special = template.special_tokens[piece.SpecialToken.id];
      if (!special) throw badTokenizer(`post_processor.special_tokens: "${piece.SpecialToken.id}" is missing`);
      return special.ids;
    });
  return { before: ids(template.single.slice(0, place)), after: ids(template.single.slice(place + 1)) };
}
