/** Values of a block held against its schema; what does not fit becomes a mistake at the very key or value. */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { measurementKinds } from './measurement.ts';
import type { Mistakes } from './mistakes.ts';
import type { YamlBlock } from './yamlBlock.ts';

/** The value as the schema has it; null where it does not fit. */
export function fitted<const S extends v.GenericSchema>(schema: S, block: YamlBlock, mistakes: Mistakes): v.InferOutput<S> | null {
  const parsed = v.safeParse(schema, block.value);
  if (parsed.success) return parsed.output;
  for (const issue of parsed.issues) tell(issue, block, mistakes);
  return null;
}

function tell(issue: v.BaseIssue<unknown>, block: YamlBlock, mistakes: Mistakes): void {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
  const key = String(path.at(-1) ?? '');
  const holder = path.slice(0, -1);
  if (issue.type === 'strict_object' && issue.expected === 'never') mistakes.add(block.keyRangeOf(path), l10n.t('There is no key “{0}” here.', key));
  else if (issue.received === 'undefined' && path.length > 0) mistakes.add(block.beginningOf(holder), l10n.t('The key “{0}” is missing.', key));
  else mistakes.add(block.rangeOf(path), sentenceFor(issue));
}

/** A schema's own message is the name of what was expected. */
function sentenceFor(issue: v.BaseIssue<unknown>): string {
  switch (issue.message) {
    case 'token':
      return l10n.t('A token is named by its text, as in book, the#2 or output:Buch.');
    case 'measurement':
      return l10n.t('This is no measurement. There are {0}.', Object.keys(measurementKinds).join(', '));
    case 'id':
      return l10n.t('An id is written in lower-case letters, digits and hyphens.');
    default:
      break;
  }
  const { received } = issue;
  if (issue.type === 'picklist' || issue.type === 'variant' || issue.type === 'literal') return l10n.t('{0} is none of {1}.', received, alternatives(issue.expected));
  if (issue.type === 'min_value') return l10n.t('{0} is too small.', received);
  if (issue.type === 'max_value') return l10n.t('{0} is too large.', received);
  if (issue.type === 'min_length') return l10n.t('This is too short.');
  if (issue.type === 'max_length') return l10n.t('This is too long.');
  if (issue.type === 'integer') return l10n.t('{0} is no whole number.', received);
  return l10n.t('This should be {0}, and it is {1}.', typeName(issue.expected), received);
}

/** `("a" | "b")` as `a, b`. */
function alternatives(expected: string | null): string {
  return (expected ?? '').replaceAll(/[()"]/g, '').replaceAll(' | ', ', ');
}

function typeName(expected: string | null): string {
  switch (expected) {
    case 'string':
      return l10n.t('a text');
    case 'number':
      return l10n.t('a number');
    case 'boolean':
      return l10n.t('true or false');
    case 'Array':
      return l10n.t('a list');
    case 'Object':
      return l10n.t('a map of keys and values');
    default:
      return alternatives(expected);
  }
}
