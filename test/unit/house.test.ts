import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const eslint = new ESLint({ cwd: fileURLToPath(new URL('../..', import.meta.url)) });

/** Lints a snippet as if it stood in `filePath`, which must exist for the type-aware rules. Returns the ids of the rules that fired. */
async function firedRules(filePath: string, snippet: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(snippet, { filePath });
  return result?.messages.map((message) => message.ruleId) ?? [];
}

describe('the house: import rules are enforced by lint', () => {
  it.each([
    ['src/engine/trace.ts', "import { window } from 'vscode';\nvoid window;\n", 'no-restricted-imports'],
    ['src/engine/trace.ts', "import * as ort from 'onnxruntime-web';\nvoid ort;\n", 'no-restricted-imports'],
    ['src/engine/trace.ts', "import * as ort from 'onnxruntime-web/wasm';\nvoid ort;\n", 'no-restricted-imports'],
    ['src/engine/trace.ts', "import { wrap } from 'comlink';\nvoid wrap;\n", 'no-restricted-imports'],
    ['src/engine/session.ts', "import { wrap } from 'comlink';\nvoid wrap;\n", 'no-restricted-imports'],
    ['src/engine/trace.ts', "import { activate } from '../extension.ts';\nvoid activate;\n", 'import-x/no-restricted-paths'],
    ['src/panel/html.ts', "import { Tokenizer } from '../engine/tokenizer.ts';\nvoid Tokenizer;\n", 'import-x/no-restricted-paths'],
    ['src/panel/html.ts', "import { wrap } from 'comlink';\nvoid wrap;\n", 'no-restricted-imports'],
    ['src/protocol.ts', "import type { Token } from './problems.ts';\nexport type T = Token;\n", 'import-x/no-restricted-paths'],
    ['webview/store.ts', "import { describe } from '../src/problems.ts';\nvoid describe;\n", 'import-x/no-restricted-paths'],
    ['webview/store.ts', "import { window } from 'vscode';\nvoid window;\n", 'no-restricted-imports'],
    ['webview/store.ts', "import { Button } from '@vscode/webview-ui-toolkit';\nvoid Button;\n", 'no-restricted-imports'],
    ['webview/store.ts', 'acquireVsCodeApi();\n', 'no-restricted-globals'],
    ['webview/store.ts', 'export const x: any = 1;\n', '@typescript-eslint/no-explicit-any'],
    ['webview/store.ts', 'export default 1;\n', 'import-x/no-default-export'],
  ])('%s: %j is refused', async (filePath, snippet, rule) => {
    expect(await firedRules(filePath, snippet)).toContain(rule);
  });

  it.each([
    ['src/engine/session.ts', "import * as ort from 'onnxruntime-web';\nvoid ort;\n"],
    ['src/panel/html.ts', "import { EngineClient } from '../engine/client.ts';\nvoid EngineClient;\n"],
    ['webview/store.ts', "import type { Token } from '../src/protocol.ts';\nexport type T = Token;\n"],
  ])('%s: %j is allowed', async (filePath, snippet) => {
    const fired = await firedRules(filePath, snippet);
    expect(fired).not.toContain('no-restricted-imports');
    expect(fired).not.toContain('import-x/no-restricted-paths');
  });
});
