/**
 * From a fresh clone to Headlight at work: installs, builds, shows the main job in the terminal,
 * then opens VS Code with the extension on a folder of sample texts.
 *
 *   npm start [-- --no-editor] [-- --port 8080]
 *
 * Desktop VS Code where `code` is on the PATH, else the npm server build at a URL of this machine.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { packExtension } from './pack.mjs';
import { installDependencies, requireNode20, root, run } from './setup.mjs';
import { VscodeServer, serverCanBeInstalled } from './vscodeServer.mjs';

const { values: flags } = parseArgs({ options: { 'no-editor': { type: 'boolean', default: false }, port: { type: 'string', default: '0' } } });

const sentence = 'Tom found a little red ball in the garden. He was happy and gave the ball to';
/** A copy of the sample texts: typing in them leaves the repository as it is, and what was typed stays. */
const sample = `${root}.vscode-test/sample`;

try {
  requireNode20();
  await installDependencies();
  await succeed('node', ['esbuild.mjs', '--production']);
  console.log(`\n"${sentence} …"\n`);
  await succeed('node', ['dist/cli.js', 'attention', '--text', sentence]);
  await succeed('node', ['dist/cli.js', 'next', '--text', sentence]);
  if (!flags['no-editor']) await openEditor();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** @param {string} program @param {readonly string[]} args */
async function succeed(program, args) {
  const code = await run(program, args);
  if (code !== 0) throw new Error(`${program} ${args[0]} ended with ${code}: see above.`);
}

async function openEditor() {
  await cp(`${root}media/sample`, sample, { recursive: true, force: false });
  if (spawnSync('code', ['--version'], { shell: process.platform === 'win32' }).status === 0) {
    console.log('\nOpening VS Code. Select some text, right-click it, and choose "Headlight: Show Attention".');
    await succeed('code', ['--new-window', `--extensionDevelopmentPath=${root}`, sample, `${sample}/prose.md`]);
  } else if (serverCanBeInstalled) {
    await serve();
  } else {
    throw new Error('There is no desktop VS Code here, or its command `code` is not on the PATH. Install it, then run npm start again; `npm start -- --no-editor` does without.');
  }
}

/** Serves VS Code with the packed extension until Ctrl-C. */
async function serve() {
  const vsix = await packExtension(root, `${root}.vscode-test/headlight.vsix`);
  const token = randomBytes(16).toString('hex');
  const server = await VscodeServer.start({ vsix: [vsix], args: ['--connection-token', token], port: Number(flags.port) });
  const payload = JSON.stringify([['openFile', `vscode-remote://${server.authority}${sample}/prose.md`]]);
  const url = `http://${server.authority}/?${new URLSearchParams({ tkn: token, folder: sample, payload })}`;
  console.log(`\nThere is no desktop VS Code here, so this is its server build. Open this in a browser:\n\n  ${url}\n\nSelect some text, right-click it, and choose "Headlight: Show Attention". Ctrl-C ends it.`);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
    server.onEnded(resolve);
  });
  await server.stop();
}
