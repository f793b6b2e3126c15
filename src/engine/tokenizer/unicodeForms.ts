/** Unicode's normalisation forms, with alignment. */
import { AlignedWriter, type AlignedText } from './alignedText.ts';

type Form = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/**
 * A character with all that may join it: combining marks, the vowels and finals of Hangul syllables, and the
 * half-width voicing marks and jamo that compatibility forms turn into such.
 */
const CLUSTER =
  /[^\p{M}\u1160-\u11FF\uD7B0-\uD7FF\uFF9E\uFF9F\uFFA0-\uFFDC]?[\p{M}\u1160-\u11FF\uD7B0-\uD7FF\uFF9E\uFF9F\uFFA0-\uFFDC]*/gu;

/** Normalises cluster by cluster: a cluster that changes stands as a whole for what it was made from. */
export function unicodeForm(form: Form): (source: AlignedText) => AlignedText {
  return (source) => {
    const whole = source.text.normalize(form);
    if (whole === source.text) return source;
    const writer = new AlignedWriter(source);
    for (const match of source.text.matchAll(CLUSTER)) {
      if (match[0] !== '') writeCluster(writer, match[0], match.index, form);
    }
    const aligned = writer.finish();
    return aligned.text === whole ? aligned : alignEnds(source, whole);
  };
}

function writeCluster(writer: AlignedWriter, cluster: string, at: number, form: Form): void {
  const normalized = cluster.normalize(form);
  const characters = Array.from(cluster);
  const each = characters.map((character) => character.normalize(form));
  if (normalized === cluster) {
    writer.keep(at, at + cluster.length);
  } else if (each.join('') === normalized) {
    characters.forEach((character, index) => {
      writer.put(each[index] ?? '', at, at + character.length);
      at += character.length;
    });
  } else {
    writer.put(normalized, at, at + cluster.length);
  }
}

/** Without knowing more: what is the same at both ends stands for itself, all between for all between. */
function alignEnds(source: AlignedText, changed: string): AlignedText {
  const shorter = Math.min(source.text.length, changed.length);
  let front = 0;
  while (front < shorter && source.text[front] === changed[front]) front += 1;
  let back = 0;
  while (back < shorter - front && source.text.at(-1 - back) === changed.at(-1 - back)) back += 1;
  const writer = new AlignedWriter(source);
  writer.keep(0, front);
  writer.put(changed.slice(front, changed.length - back), front, source.text.length - back);
  writer.keep(source.text.length - back, source.text.length);
  return writer.finish();
}
