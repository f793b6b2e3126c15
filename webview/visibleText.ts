/** Text as it can be looked at: blanks, line ends and unprintable characters get a visible form. */

/** A stretch of a token's text: plain characters, or the visible form of what cannot be seen. */
export interface VisiblePiece {
  readonly text: string;
  /** The form stands for something invisible: draw it faintly. */
  readonly invisible: boolean;
  /** The text goes on in a new line after this. */
  readonly endsLine: boolean;
}


/** Controls, format characters (direction marks, joiners), separators, lone surrogates, private use. */
const unprintable = /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]$/u;
const blank = /^\p{Zs}$/u;

/** Joiners and selectors that make one picture of several characters stay as they are inside it. */
const joining = new Set(['\u200d', '\ufe0e', '\ufe0f']);

const named: Readonly<Record<string, string>> = { ' ': '·', '\n': '↵', '\r': '␍', '\t': '→' };

/**
 * For the text strip, which wraps as the text does: a space is a faint dot, as in the editor.
 * `following` is what comes after `text`: a line ends once at CR LF, whichever way it was cut.
 */
export function visiblePieces(text: string, following = ''): VisiblePiece[] {
  const pieces: { text: string; invisible: boolean; endsLine: boolean }[] = [];
  const all = [...characters(text)];
  all.forEach(({ character, form, invisible }, index) => {
    const endsLine = character === '\n' || (character === '\r' && (all[index + 1]?.character ?? following.slice(0, 1)) !== '\n');
    const last = pieces.at(-1);
    if (last?.invisible === invisible && !last.endsLine) {
      last.text += form;
      last.endsLine = endsLine;
    } else {
      pieces.push({ text: form, invisible, endsLine });
    }
  });
  return pieces;
}

const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/**
 * For labels on one line: a space is "␣", so that it is seen at either end too. Right-to-left text is
 * isolated, so that it leaves the sentence around it in order.
 */
export function visibleLabel(text: string): string {
  const label = [...characters(text)].map(({ character, form }) => (character === ' ' ? '␣' : form)).join('');
  return rightToLeft.test(text) ? `\u2068${label}\u2069` : label;
}

function* characters(text: string): Generator<{ character: string; form: string; invisible: boolean }> {
  let before = '';
  for (const character of text) {
    const inPicture = joining.has(character) && /\p{Extended_Pictographic}|\p{M}/u.test(before);
    if (inPicture || !(blank.test(character) || unprintable.test(character))) yield { character, form: character, invisible: false };
    else yield { character, form: named[character] ?? codePoint(character), invisible: true };
    before = character;
  }
}

function codePoint(character: string): string {
  return `⟨${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
