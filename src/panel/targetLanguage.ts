/** Which language a translating model is asked for: the one that was chosen, else the reader's own, else French. */

/** Codes that models have for simplified Chinese, the most exact first. */
const chinese = ['>>cmn_Hans<<', '>>cmn<<', '>>zho_Hans<<', '>>zho<<', '>>zh_CN<<', '>>zh<<'];
const french = ['>>fra<<', '>>fr<<', '>>fr_FR<<'];

/**
 * Codes in the order in which they are wanted.
 * @param locale display language, BCP 47
 */
export function wantedTargets(locale: string, chosen: string | undefined): string[] {
  const own = /^zh\b/i.test(locale) ? [...chinese, ...french] : [...french, ...chinese];
  return chosen === undefined ? own : [chosen, ...own];
}
