/** Vitest global set-up: what ships, built and packed once, its path in HEADLIGHT_VSIX. */
import { packExtension } from '../../scripts/pack.mjs';
import { root, run } from '../../scripts/setup.mjs';

export async function setup(): Promise<void> {
  if (process.env['HEADLIGHT_VSIX'] !== undefined) return;
  if ((await run('node', ['esbuild.mjs', '--production'])) !== 0) throw new Error('The build failed.');
  process.env['HEADLIGHT_VSIX'] = await packExtension(root, `${root}.vscode-test/headlight.vsix`);
}

/** Path of the packed extension. */
export function packedVsix(): string {
  const vsix = process.env['HEADLIGHT_VSIX'];
  if (vsix === undefined) throw new Error('HEADLIGHT_VSIX is not set: vitest.config.ts names this file as global set-up.');
  return vsix;
}
