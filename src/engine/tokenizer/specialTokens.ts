/** The added tokens of a folder without tokenizer.json, as its other files name them. */
import type { AddedTokenDefinition } from './definition.ts';
import { TOKEN_NAMES, type ConfiguredToken, type TokenizerConfig, type TokenName } from './tokenizerConfig.ts';

/** What a folder says of its tokenizer beside the vocabulary. */
export interface Settings {
  readonly config: TokenizerConfig;
  /** added_tokens.json: ids by text. */
  readonly listed: Readonly<Record<string, number>>;
}

/** A token that a family has where its files do not say otherwise. */
export interface DefaultToken {
  readonly content: string;
  readonly lstrip?: boolean;
}

/** Tokens of the family's own, in their order. */
export interface FamilyTokens {
  readonly named: Partial<Readonly<Record<TokenName, DefaultToken>>>;
  /** Not named by a role: sentinels, control pieces. */
  readonly others?: readonly AddedTokenDefinition[];
}

/** The text of a special token by its role: as configured, or as the family has it. */
export function tokenNamed(name: TokenName, { config }: Settings, { named }: FamilyTokens): string | null {
  return config[name]?.content ?? named[name]?.content ?? null;
}

/**
 * Every added token with its id. One that has no id yet gets the next after the vocabulary, as `transformers`
 * gives it; a family's own that the vocabulary does not hold is none of this model's.
 */
export function addedTokens(vocabulary: ReadonlyMap<string, number>, settings: Settings, family: FamilyTokens): AddedTokenDefinition[] {
  const { config, listed } = settings;
  const added = new Map<string, AddedTokenDefinition>();
  let next = 0;
  for (const id of vocabulary.values()) next = Math.max(next, id + 1);
  const place = (token: Omit<AddedTokenDefinition, 'id'>, id: number): void => {
    next = Math.max(next, id + 1);
    added.set(token.content, { ...token, id });
  };
  for (const token of family.others ?? []) place(token, token.id);
  for (const [id, token] of Object.entries(config.added_tokens_decoder ?? {})) place({ ...token, special: token.special ?? false }, Number(id));
  for (const [content, id] of Object.entries(listed)) if (!added.has(content)) place(plain({ content }, false), id);

  const special = (token: ConfiguredToken | DefaultToken, must: boolean): void => {
    const known = added.get(token.content);
    const id = known?.id ?? vocabulary.get(token.content) ?? (must ? next : undefined);
    if (id !== undefined) place(known ? { ...known, special: true } : plain(token, true), id);
  };
  for (const token of namedTokens(config, family)) special(token, token.must);
  for (const token of [...(config.additional_special_tokens ?? []), ...(config.extra_special_tokens ?? [])]) special(token, true);
  return [...added.values()];
}

/** Roles in `transformers`' order. What is configured must be there. */
function namedTokens(config: TokenizerConfig, { named }: FamilyTokens): (DefaultToken & { readonly must: boolean })[] {
  return TOKEN_NAMES.flatMap((name): (DefaultToken & { readonly must: boolean })[] => {
    const configured = config[name];
    const own = named[name];
    if (configured) return [{ ...configured, must: true }];
    return own ? [{ ...own, must: false }] : [];
  });
}

/** A token with what `tokenizers` assumes where nothing is said. */
export function plain(token: Partial<ConfiguredToken> & { readonly content: string }, special: boolean): Omit<AddedTokenDefinition, 'id'> {
  return { single_word: false, lstrip: false, rstrip: false, normalized: !special, ...token, special };
}
