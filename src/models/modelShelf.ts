/** Which models there are: those that come with the extension, those that were downloaded, and folders that were opened. */
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { PrecisionSetting } from '../manifest.ts';
import type { ModelSource } from '../protocol.ts';
import type { Installed } from './hub/installed.ts';
import { embeddedModels, folderName, isAbsolutePath } from './modelNames.ts';

export interface ListedModel extends ModelSource {
  readonly origin: 'embedded' | 'downloaded' | 'opened';
  /** The folder that was opened; absent for the others, which go by their names. */
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
   * @param downloaded models that were downloaded, as they are now.
   * @param preferred the setting: a model's name, or a folder's absolute path.
   * @param precision the setting: how weights are held.
   */
  constructor(
    private readonly extension: vscode.Uri,
    private readonly memory: vscode.Memento,
    private readonly locate: (folder: vscode.Uri) => string,
    private readonly downloaded: () => readonly Installed[],
    private readonly preferred: () => string,
    private readonly precision: () => PrecisionSetting,
  ) {}

  /** Models that come with the extension, then downloaded ones, then opened folders, the latest first, and the folder of the setting. */
  list(): ListedModel[] {
    const precision = this.precision();
    const known = this.known();
    return precision === 'auto' ? known : known.map((model) => ({ ...model, precision }));
  }

  private known(): ListedModel[] {
    const embedded = embeddedModels.map(({ name }): ListedModel => ({ name, location: this.locate(vscode.Uri.joinPath(this.extension, 'models', name)), origin: 'embedded' }));
    const downloaded = this.downloaded().map(({ id, folder }): ListedModel => ({ name: id, location: this.locate(vscode.Uri.file(folder)), origin: 'downloaded' }));
    const named = [...embedded, ...downloaded];
    // A download may have come by a name that a folder was given before: the folder then gets another.
    const opened = this.folders().map(({ name, uri }) => {
      const folder = vscode.Uri.parse(uri);
      return this.listed(named.some((model) => model.name === name) ? folderName(folder.path, named.map((model) => model.name)) : name, folder);
    });
    const known = [...named, ...opened];
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

  /** The setting has another value, or downloads have come or gone. */
  refresh(): void {
    this.changed.fire();
  }

  dispose(): void {
    this.changed.dispose();
  }

  private listed(name: string, folder: vscode.Uri): ListedModel {
    return { name, location: this.locate(folder), origin: 'opened', folder };
  }

  private folders(): StoredFolder[] {
    return v.parse(storedFolders, this.memory.get(foldersKey));
  }

  private store(folders: readonly StoredFolder[]): void {
    void this.memory.update(foldersKey, folders.slice(0, remembered));
    this.changed.fire();
  }
}
