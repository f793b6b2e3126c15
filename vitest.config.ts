import { defineConfig } from 'vitest/config';

/** JSX in page code is Preact's, as in esbuild.mjs. */
const oxc = { jsx: { runtime: 'automatic', importSource: 'preact' } } as const;

export default defineConfig({
  test: {
    projects: [
      { oxc, test: { name: 'unit', include: ['test/unit/**/*.test.{ts,tsx}'], testTimeout: 60_000 } },
      {
        oxc,
        test: {
          name: 'page',
          include: ['test/page/**/*.test.ts'],
          // One browser at a time: two on two cores only wait for each other.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
