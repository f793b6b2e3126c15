/**
 * Lint: typescript-eslint's strict rules, and the house's import rules.
 *
 *   editor, panel, models  →  engine/client  →  protocol
 *   webview                →  protocol
 *
 * test/unit/house.test.ts proves that the import rules fire.
 */
import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const code = ['src/**/*.ts', 'webview/**/*.{ts,tsx}', 'test/**/*.{ts,tsx}'];
const shipped = ['src/**/*.ts', 'webview/**/*.{ts,tsx}'];

/** Packages behind one seam, so that a successor can take their place in one file. */
const seams = [
  { name: 'onnxruntime-web', files: ['src/engine/session.ts'] },
  { name: 'comlink', files: ['src/engine/client.ts', 'src/engine/worker.*.ts', 'src/engine/serve.ts', 'src/engine/spawn.*.ts', 'src/engine/nodeAdapter.d.ts'] },
  { name: '@vscode/webview-ui-toolkit', files: ['webview/ui/toolkit.{ts,tsx}'] },
];

/** Folders that know nothing of the editor's API. */
const withoutVscode = ['src/engine/**', 'src/models/hub/**', 'src/probeFiles/**', 'src/cli.ts', 'src/problems.ts', 'src/protocol.ts', 'src/protocol/**', 'webview/**'];

/**
 * `no-restricted-imports` for some files: rule options replace each other, so each set of files gets the whole list.
 * @param {readonly { name: string }[]} forbidden
 */
function forbid(forbidden) {
  return ['error', { patterns: forbidden.map(({ name }) => ({ regex: `^${name}(/|$)`, message: `${name} does not belong here: see "The house" in CONTRIBUTING.md.` })) }];
}

/** Every seam's package is forbidden outside its files; `vscode` where the editor is unknown. */
const packageRules = [
  { files: shipped, rules: { 'no-restricted-imports': forbid(seams) } },
  { files: withoutVscode, rules: { 'no-restricted-imports': forbid([...seams, { name: 'vscode' }]) } },
  ...seams.map((seam) => ({
    files: seam.files,
    rules: { 'no-restricted-imports': forbid([...seams.filter((other) => other !== seam), { name: 'vscode' }]) },
  })),
];

/** Which folder may not import from which; paths from the repository's root. */
const zones = [
  { target: './src/protocol.ts', from: '.', except: ['./src/protocol'], message: 'The contract imports nothing.' },
  { target: './src/protocol', from: '.', except: ['./src/protocol'], message: 'The contract imports nothing.' },
  { target: './webview', from: './src', except: ['./protocol.ts'], message: 'The page knows only protocol.ts.' },
  { target: './src', from: './webview', message: 'Nothing outside the page imports the page.' },
  { target: './src/engine', from: './src', except: ['./engine', './protocol.ts', './protocol', './problems.ts'], message: 'The engine knows only the contract and the catalogue of problems.' },
  ...['editor', 'panel', 'models', 'probeFiles', 'lessons'].map((folder) => ({
    target: `./src/${folder}`,
    from: './src/engine',
    except: ['./client.ts'],
    message: 'The host reaches the engine through engine/client.ts.',
  })),
  ...['src', 'webview'].map((folder) => ({ target: `./${folder}`, from: './test', message: 'What ships does not import tests.' })),
];

export default defineConfig(
  globalIgnores(['dist/', 'node_modules/', '.vscode-test/', '.cache/', 'test-results/', 'models/training/']),
  js.configs.recommended,
  {
    files: code,
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: ['src', 'src/engine', 'webview', 'test'], noWarnOnMultipleProjects: true })] },
    rules: {
      'no-undef': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as', objectLiteralTypeAssertions: 'never' }],
      // `return report(…)` ends a function early, as everyone reads it.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Interfaces here are tables of functions, made to be taken apart.
      '@typescript-eslint/unbound-method': 'off',
      // `Dim | string` says which strings have a meaning of their own.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      // A function may be asynchronous because its interface is.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
    },
  },
  { files: shipped, rules: { '@typescript-eslint/no-unsafe-type-assertion': 'error' } },
  ...packageRules,
  {
    files: ['webview/**/*.{ts,tsx}'],
    ignores: ['webview/bridge.ts'],
    rules: { 'no-restricted-globals': ['error', { name: 'acquireVsCodeApi', message: 'The page speaks to the host through bridge.ts.' }] },
  },
  { files: ['src/cli.ts', 'test/**'], rules: { 'no-console': 'off' } },
  { files: ['**/*.d.ts'], rules: { 'import-x/no-default-export': 'off' } },
  {
    files: ['**/*.mjs', 'vitest.config.ts'],
    languageOptions: { parser: tseslint.parser, globals: { console: 'readonly', process: 'readonly', URL: 'readonly', URLSearchParams: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', fetch: 'readonly', performance: 'readonly', Buffer: 'readonly', AbortController: 'readonly', AbortSignal: 'readonly', TextDecoder: 'readonly', TextEncoder: 'readonly', structuredClone: 'readonly' } },
  },
);
