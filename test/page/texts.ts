/** Passages that the page tests show. */

export const story = `Once upon a time, there was a little girl named Lily. She lived near the river with her cat, Tom. One day Lily saw a big, shiny boat on the water.

"Can we go on the boat?" she asked her mom. Her mom smiled and said, "Yes, but you must hold my hand." Lily was very happy.`;

export const short = 'The cat sat down.';

/** More tokens than storyteller's 512 positions. */
export const long = Array.from({ length: 10 }, () => story).join('\n\n');

export const mixed = '从前有一只小猫，它喜欢在河边玩。👨‍👩‍👧 and 😀!\r\nA second line\twith a tab.';

export const hostile = '<img src=x onerror="window.hacked = true"> \u202edesrever\u202c <script>window.hacked = true</script> שלום';

export const code = `export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) {
    total += value;
  }
  return total;
}
`;
