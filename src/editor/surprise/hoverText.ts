/** Untrusted text (a document's, a model's) as Markdown that shows it and does nothing else. */

/** A token or word with what cannot be seen made visible, and every character that Markdown or HTML would read escaped. */
export function safeText(text: string): string {
  const visible = text
    .replace(/\r\n|\r|\n/g, '↵')
    .replace(/\t/g, '→')
    .replace(/^ | $/g, '␣')
    .replace(/[\p{Cc}\p{Cf}]/gu, '�');
  const short = visible.length > 60 ? `${visible.slice(0, 60)}…` : visible;
  return short.replace(/[\\`*_{}[\]()#+\-.!|<>&~$"':/@]/g, (character) => `&#${String(character.charCodeAt(0))};`);
}

/** A probability with as many digits as it has meaning. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent >= 10) return `${percent.toFixed(0)} %`;
  if (percent >= 0.01) return `${percent.toPrecision(2)} %`;
  return `${percent.toExponential(0)} %`;
}

export const countText = (count: number): string => count.toLocaleString('en-US');
