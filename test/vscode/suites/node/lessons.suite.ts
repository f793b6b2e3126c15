/** Lessons in real VS Code: the course, steps by commands, checks failed and passed, a teacher's mistakes, progress. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PanelSnapshot, TestApi } from '../../../../src/testApi.ts';
import { closeAll, ended, headlight, until } from '../headlight.ts';

const lesson = `---
title: Mine
after: I can tell the book from the lamp.
---
## One {#one}

\`\`\`show
model: storyteller
text: The teacher taught the student with the book.
picture: map
layer: 2
\`\`\`

It has [9](claim:count) tokens.

\`\`\`claims
count: { tokens: text }
\`\`\`

## Two {#two}

\`\`\`check
kind: token
token: book
wrong: The
\`\`\`
`;

describe('Lessons', () => {
  let api: TestApi;
  let folder: vscode.Uri;
  before(async () => {
    api = await headlight();
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    folder = vscode.Uri.joinPath(workspace.uri, 'lessons-of-the-test');
    await vscode.workspace.fs.createDirectory(folder);
  });
  beforeEach(() => api.resetLessons());
  afterEach(() => closeAll(api));
  after(() => vscode.workspace.fs.delete(folder, { recursive: true }));

  async function fileOf(name: string, content: string): Promise<vscode.Uri> {
    const file = vscode.Uri.joinPath(folder, `${name}.lesson.md`);
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(content));
    return file;
  }
  const panel = (isIt: (panel: PanelSnapshot) => boolean): Promise<PanelSnapshot> =>
    until(() => {
      const [first] = api.panels();
      return first && isIt(first) ? first : undefined;
    });
  const rewrite = async (document: vscode.TextDocument, text: string): Promise<void> => {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
    await vscode.workspace.applyEdit(edit);
  };
  const mistakes = (file: vscode.Uri): vscode.Diagnostic[] => vscode.languages.getDiagnostics(file).filter(({ source }) => source === 'Headlight');

  it('of the course open at the first step, with its model on its text, and go on by commands', async () => {
    await vscode.commands.executeCommand('headlight.openLesson', '02-tokens');
    const { subject, lesson: place } = await ended(api, ({ run, lesson: at }) => at?.id === '02-tokens' && run.state === 'finished');
    assert.equal(subject?.text, 'The teacher taught the student with the book.');
    const first = place?.step;
    await vscode.commands.executeCommand('headlight.nextStep');
    const second = await panel(({ lesson: at }) => at?.id === '02-tokens' && at.step !== first);
    assert.notEqual(second.lesson?.step, first);
    await vscode.commands.executeCommand('headlight.previousStep');
    await panel(({ lesson: at }) => at?.step === first);
    await vscode.commands.executeCommand('headlight.openCourse');
    assert.equal(api.panels().length, 1);
  });

  it("of a teacher's fail and pass by what is pinned, keep that, and forget it", async () => {
    const file = await fileOf('good', lesson);
    await vscode.commands.executeCommand('headlight.openLesson', file);
    const { view } = await panel(({ run, view: seen, lesson: at, ready }) => ready && at?.step === 'one' && run.state === 'finished' && seen?.picture === 'map' && seen.layer === 2);
    assert.ok(view);
    await vscode.commands.executeCommand('headlight.nextStep');
    await panel(({ lesson: at }) => at?.step === 'two');
    const pin = (token: number): void => api.fromPage(0, { type: 'lesson', action: 'check', step: 'two', given: null, view: { ...view, pinned: { sequence: 'text', token } } });
    pin(0);
    await panel(({ verdict }) => verdict === 'hint');
    pin(7);
    await panel(({ verdict }) => verdict === 'passed');
    const handedIn = await until(async () => {
      const text = await api.progress();
      return text.includes('"two"') ? text : undefined;
    });
    assert.match(handedIn, /"id": "good\.lesson\.md"/);
    assert.match(handedIn, /"fingerprint": "[0-9a-f]{16,}"/);
    assert.doesNotMatch(handedIn, /lessons-of-the-test/);
    await api.resetLessons();
    assert.doesNotMatch(await api.progress(), /"two"/);
  });

  it('are followed while they are written, and stay as they were at a mistake', async () => {
    const file = await fileOf('followed', lesson);
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('headlight.openLesson', file);
    await panel(({ run, lesson: at, ready }) => ready && at?.step === 'one' && run.state === 'finished');
    const shows = (text: string, layer: number): Promise<PanelSnapshot> => panel(({ subject, run, view }) => subject?.text === text && run.state === 'finished' && view?.layer === layer);
    const other = lesson.replace('the student with the book.', 'the student.').replace('[9]', '[6]').replace('layer: 2', 'layer: 4');
    await rewrite(document, other);
    await shows('The teacher taught the student.', 4);
    await rewrite(document, other.replace('picture: map', 'picture: mapp'));
    await until(() => (mistakes(file).length > 0 ? true : undefined));
    await shows('The teacher taught the student.', 4);
    await document.save();
  });

  it('with a mistake are refused, with a squiggle under the mistake, until it is mended', async () => {
    const file = await fileOf('bad', lesson.replace('picture: map', 'picture: mapp').replace('[9]', '[8]'));
    const document = await vscode.workspace.openTextDocument(file);
    assert.equal(document.languageId, 'headlight-lesson');
    await vscode.window.showTextDocument(document);
    const wrong = (): string[] => mistakes(file).map(({ range }) => document.getText(range));
    await until(() => (wrong().includes('mapp') ? true : undefined));
    await vscode.commands.executeCommand('headlight.openLesson', file);
    await until(() => (api.told().some((sentence) => sentence.startsWith('bad.lesson.md has mistakes')) ? true : undefined));
    const write = (text: string): Promise<void> => rewrite(document, text);
    // What only the real model can tell comes a moment later, under the link that states it.
    await write(lesson.replace('[9]', '[8]'));
    await until(() => (wrong().includes('claim:count') && !wrong().includes('mapp') ? true : undefined));
    await write(lesson);
    await until(() => (mistakes(file).length === 0 ? true : undefined));
    await document.save();
    await vscode.commands.executeCommand('headlight.openLesson', file);
    await panel(({ lesson: at }) => at?.step === 'one');
  });
});
