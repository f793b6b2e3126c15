/** Which models there are: those that come with the extension, and folders that were opened. */
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { ModelSource } from '../protocol.ts';
import { embeddedModels, folderName, isAbsolutePath } from './modelNames.ts';

export interface ListedModel extends ModelSource {
  /** The folder that was opened; absent for a model that comes with the extension. */
  readonly folder?: vscode.Uri;
}

/** How many opened folders are remembered. */
const remembered = 20;
const foldersKey = 'headlight.folders';
/** A folder keeps the name it once got: panels are stored with it. */
const storedFolders = v.fallback(v.array(v.object({ name: v.string(), uri: v.string() })), []);
type StoredFolder = v.InferOutput<typeof storedFolders>[number];

export class ModelShelf implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Models have come or gone. */
  readonly onDidChange = this.changed.event;

  /**
   * @param locate what the engine calls a folder: a path, or an address ending in `/`.
   * @param preferred the setting: a model's name, or a folder's absolute path.
   */
  constructor(
    private readonly extension: vscode.Uri,
    private readonly memory: vscode.Memento,
    private readonly locate: (folder: vscode.Uri) => string,
    private readonly preferred: () => string,
  ) {}

  /** Models that come with the extension, then opened folders, the latest first, and the folder of the setting. */
  list(): ListedModel[] {
    const embedded = embeddedModels.map((name) => ({ name, location: this.locate(vscode.Uri.joinPath(this.extension, 'models', name)) }));
    const opened = this.folders().map(({ name, uri }) => this.listed(name, vscode.Uri.parse(uri)));
    const known = [...embedded, ...opened];
    const preferred = this.preferred();
    if (!isAbsolutePath(preferred)) return known;
    const folder = vscode.Uri.file(preferred);
    const location = this.locate(folder);
    if (known.some((model) => model.location === location)) return known;
    return [...known, this.listed(folderName(folder.path, known.map(({ name }) => name)), folder)];
  }

  /** The model of that name; `null` if there is none. */
  find(name: string): ListedModel | null {
    return this.list().find((model) => model.name === name) ?? null;
  }

  /** Name of the model that new panels start with; no model's name if the setting names none. */
  get firstName(): string {
    const preferred = this.preferred();
    if (!isAbsolutePath(preferred)) return preferred;
    const location = this.locate(vscode.Uri.file(preferred));
    return this.list().find((model) => model.location === location)?.name ?? preferred;
  }

  /** A folder as a model, under the name it has or would get; nothing is remembered yet. */
  of(folder: vscode.Uri): ListedModel {
    const listed = this.list();
    const location = this.locate(folder);
    return listed.find((model) => model.location === location) ?? this.listed(folderName(folder.path, listed.map(({ name }) => name)), folder);
  }

  /** Remembers an opened folder as the latest one. */
  remember({ name, folder }: ListedModel): void {
    if (!folder) return;
    const uri = folder.toString();
    this.store([{ name, uri }, ...this.folders().filter((other) => other.uri !== uri)]);
  }

  forget(folder: vscode.Uri): void {
    this.store(this.folders().filter(({ uri }) => uri !== folder.toString()));
  }

  /** The setting has another value. */
  preferredChanged(): void {
    this.changed.fire();
  }

  dispose(): void {
    this.changed.dispose();
  }

  private listed(name: string, folder: vscode.Uri): ListedModel {
    return { name, location: this.locate(folder), folder };
  }

  private folders(): StoredFolder[] {
    return v.parse(storedFolders, this.memory.get(foldersKey));
  }

  private store(folders: readonly StoredFolder[]): void {
    void this.memory.update(foldersKey, folders.slice(0, remembered));
    this.changed.fire();
  }
}
