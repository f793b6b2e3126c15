import type { Measure } from '../graphs/drawing.ts';

/** Text width where there is no font to ask: every character 0.6 of its size wide, Chinese and emoji twice that. */
export const typewriter: Measure = (text, size) =>
  Array.from(text).reduce((width, character) => width + (/[\u2e80-\u9fff\uac00-\ud7af\uff00-\uff60]|\p{Extended_Pictographic}/u.test(character) ? 1.2 : 0.6) * size, 0);
