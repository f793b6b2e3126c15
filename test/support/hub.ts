/** A Hub on this machine that can be told to misbehave: lists and serves repositories as huggingface.co does. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, type Listening } from './listen.ts';

export type RepoFiles = Readonly<Record<string, string | Uint8Array>>;

export interface HubRequest {
  readonly path: string;
  readonly method: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly authorization: string | undefined;
}

/** What a test does with a request in place of the server; `false` leaves it to the server. */
export type Misbehaviour = (request: HubRequest, response: ServerResponse, nth: number) => boolean;

export interface FakeHub extends Listening {
  readonly endpoint: string;
  /** All requests, in their order. */
  readonly requests: readonly HubRequest[];
  /** Puts another content in a repository's place, as a new commit. */
  commit(id: string, files: RepoFiles): void;
  /** Comes before the server's own answers; `nth` counts the requests of the same path, from 0. */
  misbehave(how: Misbehaviour): void;
  /** Wants this token for everything. */
  demand(token: string): void;
  /** The commit that a repository is at. */
  revision(id: string): string;
}

/** Files of at least this length are listed with a SHA-256, as those in Git LFS. */
const LARGE = 1000;

const asBuffer = (content: string | Uint8Array): Buffer => Buffer.from(content);
const sha1 = (content: Uint8Array): string => createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

export async function fakeHub(repos: Readonly<Record<string, RepoFiles>>): Promise<FakeHub> {
  const contents = new Map(Object.entries(repos));
  const revision = (id: string): string => createHash('sha1').update(id).update(JSON.stringify(entriesOf(contents.get(id) ?? {}, ''))).digest('hex');
  const requests: HubRequest[] = [];
  let misbehaviour: Misbehaviour = () => false;
  let wanted: string | null = null;

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://hub');
    const { range, 'if-range': ifRange, authorization } = request.headers;
    const seen: HubRequest = { path: decodeURIComponent(url.pathname), method: request.method ?? '', range, ifRange: typeof ifRange === 'string' ? ifRange : undefined, authorization };
    const nth = requests.filter(({ path }) => path === seen.path).length;
    requests.push(seen);
    if (misbehaviour(seen, response, nth)) return;
    if (wanted !== null && authorization !== `Bearer ${wanted}`) return end(response, 401, { error: 'Invalid username or password.' });
    const [, infoOf] = /^\/api\/models\/(.+?)\/revision\/.+$/.exec(seen.path) ?? [];
    if (infoOf !== undefined && contents.has(infoOf)) return end(response, 200, { _id: 'x', id: infoOf, sha: revision(infoOf), tags: ['pytorch', 'license:mit'], lastModified: '2024-01-01T00:00:00.000Z', private: false, gated: false, downloads: 1, likes: 1 });
    const [, treeOf, , folder] = /^\/api\/models\/(.+)\/tree\/([0-9a-f]{40})(?:\/(.*))?$/.exec(seen.path) ?? [];
    const tree = contents.get(treeOf ?? '');
    if (tree) return end(response, 200, entriesOf(tree, folder ?? ''));
    const [, fileOf, at, path] = /^\/(.+)\/resolve\/([0-9a-f]{40})\/(.+)$/.exec(seen.path) ?? [];
    const file = contents.get(fileOf ?? '')?.[path ?? ''];
    if (file !== undefined && at === revision(fileOf ?? '')) return serve(response, asBuffer(file), seen);
    return end(response, 404, { error: 'Repository not found' });
  };

  const server = await listen(createServer(answer));
  return {
    ...server,
    endpoint: `http://${server.authority}`,
    requests,
    commit: (id, files) => void contents.set(id, files),
    misbehave: (how) => (misbehaviour = how),
    demand: (token) => (wanted = token),
    revision,
  };
}

/** The Hub's list of a folder: its files, and its folders. */
export function entriesOf(files: RepoFiles, folder: string): object[] {
  const within = folder === '' ? '' : `${folder}/`;
  const inside = Object.entries(files).filter(([path]) => path.startsWith(within));
  const folders = new Set(inside.map(([path]) => path.slice(within.length)).filter((path) => path.includes('/')).map((path) => within + (path.split('/')[0] ?? '')));
  const here = inside.filter(([path]) => !path.slice(within.length).includes('/'));
  return [
    ...[...folders].map((path) => ({ type: 'directory', oid: '0'.repeat(40), size: 0, path })),
    ...here.map(([path, content]) => {
      const bytes = asBuffer(content);
      const lfs = bytes.length >= LARGE ? { lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 130 } } : {};
      return { type: 'file', oid: sha1(bytes), size: bytes.length, path, ...lfs };
    }),
  ];
}

/** Sends a file, or the range that was asked for, as static hosts do. */
export function serve(response: ServerResponse, content: Buffer, { range, ifRange }: HubRequest): void {
  const etag = `"${sha256(content)}"`;
  const [, first] = /^bytes=(\d+)-$/.exec(range ?? '') ?? [];
  if (first === undefined || (ifRange !== undefined && ifRange !== etag)) {
    response.writeHead(200, { 'Content-Length': content.length, ETag: etag, 'Accept-Ranges': 'bytes' }).end(content);
    return;
  }
  const from = Number(first);
  if (from >= content.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${content.length}` }).end();
    return;
  }
  response.writeHead(206, { 'Content-Length': content.length - from, ETag: etag, 'Content-Range': `bytes ${from}-${content.length - 1}/${content.length}` }).end(content.subarray(from));
}

export function end(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
}
