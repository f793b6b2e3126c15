/** The course's lessons in their order: their files' names, the same in both languages. */
export const courseLessons = [
  '01-recurrent-to-transformer',
  '02-tokens',
  '03-embeddings',
  '04-positions',
  '05-self-attention',
  '06-attention-map',
  '07-many-heads',
  '08-encoder-and-decoder',
  '09-feed-forward',
  '10-logits-and-softmax',
  '11-all-of-it',
] as const;

/** Folders of media/lessons. */
export type LessonLocale = 'en' | 'zh-cn';

/** The language of the lessons for a display language, BCP 47. */
export function lessonLocale(displayLanguage: string): LessonLocale {
  return /^zh\b/i.test(displayLanguage) ? 'zh-cn' : 'en';
}

/** Teachers' files end in this. */
export const lessonFileEnding = '.lesson.md';
