import { defineConfig } from 'vitest/config';

/** JSX in page code is Preact's, as in esbuild.mjs. */
const oxc = { jsx: { runtime: 'automatic', importSource: 'preact' } } as const;

/** A browser or a VS Code at work: one at a time, since two on two cores only wait for each other. */
const oneAtATime = { fileParallelism: false, testTimeout: 90_000, hookTimeout: 90_000, expect: { poll: { timeout: 30_000 } } };
const packed = { globalSetup: ['test/support/packed.ts'] };

export default defineConfig({
  test: {
    projects: [
      { oxc, test: { name: 'unit', include: ['test/unit/**/*.test.{ts,tsx}'], setupFiles: ['test/support/seed.ts'], testTimeout: 60_000 } },
      { oxc, test: { name: 'page', include: ['test/page/**/*.test.ts'], ...oneAtATime } },
      { test: { name: 'package', include: ['test/package/**/*.test.ts'], ...oneAtATime, ...packed } },
      { test: { name: 'vscode', include: ['test/vscode/**/*.test.ts'], ...oneAtATime, ...packed } },
    ],
  },
});
