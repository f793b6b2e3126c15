import { createServer, type ServerResponse } from 'node:http';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { download, planDownload, surroundings, type DownloadRequest, type Progress, type Surroundings } from '../../../src/models/hub/download.ts';
import { DownloadFailure } from '../../../src/models/hub/failure.ts';
import { installedModels, removeInstalled, type Installed } from '../../../src/models/hub/installed.ts';
import { partialDownloads, removePartial } from '../../../src/models/hub/staging.ts';
import { end, entriesOf, fakeHub, serve, type FakeHub, type RepoFiles } from '../../support/hub.ts';
import { listen } from '../../support/listen.ts';

const id = 'someone/small-model';
/** Bytes that differ everywhere, so that a file in wrong order has another hash. */
const weights = (seed: number): Buffer => Buffer.from(Uint8Array.from({ length: LENGTH }, (_, i) => (i * 31 + (i >> 8) * seed) & 0xff));
const LENGTH = 60_000;
const good: RepoFiles = {
  'config.json': '{"model_type":"gpt2"}',
  'tokenizer.json': '{}',
  'README.md': '# A model',
  '.gitattributes': '*.safetensors filter=lfs',
  'pytorch_model.bin': 'pickled',
  'model.safetensors': weights(7),
};
const without = (file: string): RepoFiles => Object.fromEntries(Object.entries(good).filter(([path]) => path !== file));
/** Bytes of the other wanted files, which come first. */
const BESIDE = 21 + 2 + 9;
const WEIGHTS = /resolve\/.*\/model\.safetensors$/;

let hub: FakeHub;
/** The only folder that a test may write to, and within it the one that downloads may. */
let outside: string;
let root: string;
/** Pauses that were asked for, in milliseconds; none is made. */
let waits: number[];
let around: Surroundings;

beforeEach(async () => {
  hub = await fakeHub({ [id]: good });
  outside = mkdtempSync(join(tmpdir(), 'headlight-hub-'));
  root = join(outside, 'storage');
  waits = [];
  around = {
    ...surroundings,
    stall: 5_000,
    wait: (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
  };
});
afterEach(async () => {
  await hub.close();
  rmSync(outside, { recursive: true });
});

function request(changes: Partial<DownloadRequest> = {}): DownloadRequest {
  return { repo: { id }, root, endpoint: hub.endpoint, signal: new AbortController().signal, ...changes };
}

async function get(changes: Partial<DownloadRequest> = {}, onProgress: (progress: Progress) => void = () => undefined): Promise<Installed> {
  const asked = request(changes);
  return download(asked, await planDownload(asked, around), onProgress, around);
}

async function failureOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (thrown) {
    if (thrown instanceof DownloadFailure) return thrown.problem.code;
    throw thrown;
  }
  return 'none';
}

const listed = (): readonly string[] => installedModels(root).map((model) => model.id);
const contentOf = (model: Installed, file: string): Buffer => readFileSync(join(model.folder, file));
const requestsOf = (pattern: RegExp): FakeHub['requests'] => hub.requests.filter(({ path }) => pattern.test(path));
/** Every file below a folder. */
const filesBelow = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

describe('a download', () => {
  it('brings the files that make a model, and a manifest of them', async () => {
    const progress: Progress[] = [];
    const model = await get({}, (step) => progress.push(step));
    expect(filesBelow(model.folder)).toEqual(['README.md', 'config.json', 'headlight-download.json', 'model.safetensors', 'tokenizer.json']);
    expect(contentOf(model, 'model.safetensors').equals(weights(7))).toBe(true);
    expect(model).toMatchObject({ id, revision: hub.revision(id), licence: 'mit', size: LENGTH + BESIDE });
    expect(installedModels(root)).toEqual([model]);
    expect(progress.at(-1)).toEqual({ files: 4, bytes: model.size });
    expect(await partialDownloads(root)).toEqual([]);
  });

  it('is asked for by commit, so that the files belong together', async () => {
    await get({ repo: { id, revision: 'some/branch' } });
    expect(hub.requests[0]?.path).toBe(`/api/models/${id}/revision/some/branch`);
    expect(requestsOf(/resolve/).every(({ path }) => path.includes(hub.revision(id)))).toBe(true);
  });

  it('is not made again while the same is here', async () => {
    const model = await get();
    const plan = await planDownload(request(), around);
    expect(plan.present).toEqual(model);
  });

  it('brings shards with their index, and refuses an index that names others', async () => {
    const index = (shards: readonly string[]): string => JSON.stringify({ weight_map: Object.fromEntries(shards.map((shard, i) => [`t${i}`, shard])) });
    const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;
    const rest = without('model.safetensors');
    const files = { ...rest, 'model.safetensors.index.json': index(shards), [shards[0]]: weights(1), [shards[1]]: weights(2) };
    hub.commit(id, files);
    expect(contentOf(await get(), shards[1]).equals(weights(2))).toBe(true);
    for (const other of ['../../model.safetensors', 'model-00003-of-00002.safetensors']) {
      hub.commit(id, { ...files, 'model.safetensors.index.json': index([...shards, other]) });
      expect(await failureOf(get())).toBe('download.incomplete');
    }
    expect(listed()).toEqual([id]);
  });

  it('brings ONNX files where there are no others', async () => {
    const rest = without('model.safetensors');
    hub.commit(id, { ...rest, 'onnx/encoder_model.onnx': weights(1), 'onnx/decoder_model.onnx': weights(2), 'onnx/decoder_model_quantized.onnx': weights(3) });
    const { folder } = await get();
    expect(readdirSync(join(folder, 'onnx')).sort()).toEqual(['decoder_model.onnx', 'encoder_model.onnx']);
    hub.commit(id, { ...rest, 'onnx/model.onnx': weights(1), 'onnx/model.onnx_data': weights(2), 'onnx/model_q4.onnx': weights(3) });
    expect(readdirSync(join((await get()).folder, 'onnx')).sort()).toEqual(['model.onnx', 'model.onnx_data']);
    hub.commit(id, { ...rest, 'onnx/model_quantized.onnx': weights(3), 'onnx/model_q4.onnx': weights(3) });
    expect(readdirSync(join((await get()).folder, 'onnx')).sort()).toEqual(['model_quantized.onnx']);
  });

  it.each([
    ['pickled weights only', { 'config.json': '{}', 'pytorch_model.bin': 'x' }, 'download.noWeights'],
    ['weights of which nothing says what they are', { 'model.safetensors': weights(1) }, 'download.notAModel'],
    ['names that some systems take for one', { ...good, 'Readme.md': 'x' }, 'download.unsafeName'],
  ] as const)('of a repository with %s is refused', async (_, files, code) => {
    hub.commit(id, files);
    expect(await failureOf(get())).toBe(code);
    expect(requestsOf(/resolve/)).toEqual([]);
  });

  it('needs room on the disk', async () => {
    around = { ...around, free: () => Promise.resolve(1000) };
    expect(await failureOf(get())).toBe('download.noSpace');
    expect(requestsOf(/resolve/)).toEqual([]);
  });

  it('is made once at a time', async () => {
    const asked = request();
    const plan = await planDownload(asked, around);
    const first = download(asked, plan, () => undefined, around);
    expect(await failureOf(download(asked, plan, () => undefined, around))).toBe('download.running');
    expect((await first).id).toBe(id);
  });

  it('waits for one of another process, and takes over from one that has ended', async () => {
    const lock = join(root, 'staging/someone--small-model/lock');
    mkdirSync(dirname(lock), { recursive: true });
    // The process that started this one lives.
    writeFileSync(lock, String(process.ppid));
    expect(await failureOf(get())).toBe('download.running');
    expect(await failureOf(removePartial(root, id))).toBe('download.running');
    writeFileSync(lock, '999999999');
    expect((await get()).id).toBe(id);
  });

  it('takes an empty file for what it is', async () => {
    hub.commit(id, { ...good, 'merges.txt': '' });
    expect(contentOf(await get(), 'merges.txt')).toHaveLength(0);
  });
});

describe('a server', () => {
  /** Begins an answer with the weights of `[from, to)`, and drops the connection once they have arrived. */
  function dropping(): { begin(response: ServerResponse, from: number, to: number, headers?: Readonly<Record<string, string>>): void; onProgress(progress: Progress): void } {
    let open: { readonly response: ServerResponse; readonly to: number } | null = null;
    return {
      begin(response, from, to, headers = {}) {
        response.writeHead(from === 0 ? 200 : 206, { 'Content-Length': LENGTH - from, ...headers }).write(weights(7).subarray(from, to));
        open = { response, to };
      },
      onProgress({ bytes }) {
        if (open && bytes >= BESIDE + open.to) open.response.destroy();
      },
    };
  }

  it('that drops the connection is asked for the rest', async () => {
    const { begin, onProgress } = dropping();
    hub.misbehave(({ path }, response, nth) => {
      if (!WEIGHTS.test(path) || nth > 1) return false;
      begin(response, nth * 1000, nth * 1000 + 1000, { ETag: '"v"', ...(nth === 1 ? { 'Content-Range': `bytes 1000-${LENGTH - 1}/${LENGTH}` } : {}) });
      return true;
    });
    const model = await get({}, onProgress);
    expect(contentOf(model, 'model.safetensors').equals(weights(7))).toBe(true);
    // The last answer is of another ETag than the first one: the server begins anew by itself.
    expect(requestsOf(WEIGHTS).map(({ range, ifRange }) => [range, ifRange])).toEqual([
      [undefined, undefined],
      ['bytes=1000-', '"v"'],
      ['bytes=2000-', '"v"'],
    ]);
    expect(waits).toEqual([1000, 1000]);
  });

  it('that stalls is given up and asked again', async () => {
    around = { ...around, stall: 100 };
    hub.misbehave(({ path }, response, nth) => {
      if (!WEIGHTS.test(path) || nth > 1) return false;
      // Once within the answer, once before it begins.
      if (nth === 0) response.writeHead(200, { 'Content-Length': LENGTH }).write(weights(7).subarray(0, 5000));
      return true;
    });
    expect(contentOf(await get(), 'model.safetensors').equals(weights(7))).toBe(true);
    expect(requestsOf(WEIGHTS).map(({ range }) => range)).toEqual([undefined, 'bytes=5000-', 'bytes=5000-']);
  });

  it('that never gets further is given up', async () => {
    hub.misbehave(({ path }, response) => {
      if (!WEIGHTS.test(path)) return false;
      response.destroy();
      return true;
    });
    expect(await failureOf(get())).toBe('download.unreachable');
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
    expect(listed()).toEqual([]);
  });

  it('that claims more than it sends is asked for the rest, to no end', async () => {
    const { begin, onProgress } = dropping();
    hub.misbehave(({ path }, response) => {
      if (WEIGHTS.test(path)) begin(response, 0, LENGTH - 1);
      return WEIGHTS.test(path);
    });
    expect(await failureOf(get({}, onProgress))).toBe('download.brokenOff');
    expect(listed()).toEqual([]);
  });

  it('that claims less than there is, is asked for the rest', async () => {
    hub.misbehave(({ path }, response, nth) => {
      if (!WEIGHTS.test(path) || nth > 0) return false;
      response.writeHead(200, { 'Content-Length': 1000 }).end(weights(7).subarray(0, 1000));
      return true;
    });
    expect(contentOf(await get(), 'model.safetensors').equals(weights(7))).toBe(true);
  });

  it('that sends more than it listed is not believed', async () => {
    hub.misbehave(({ path }, response) => {
      if (!WEIGHTS.test(path)) return false;
      response.writeHead(200).end(Buffer.concat([weights(7), Buffer.from('more')]));
      return true;
    });
    expect(await failureOf(get())).toBe('download.wrongSize');
    expect(listed()).toEqual([]);
  });

  it.each([/config\.json$/, WEIGHTS])('that sends something else for %s is not believed', async (file) => {
    hub.misbehave((seen, response) => {
      if (!file.test(seen.path)) return false;
      const right = WEIGHTS.test(seen.path) ? weights(7) : Buffer.from('{"model_type":"gpt2"}');
      const wrong = Buffer.from(right);
      wrong[wrong.length - 2] = 0x20;
      serve(response, wrong, seen);
      return true;
    });
    expect(await failureOf(get())).toBe('download.wrongHash');
    expect(listed()).toEqual([]);
  });

  it.each([
    [401, 'download.needsToken'],
    [403, 'download.forbidden'],
    [404, 'download.notFound'],
    [418, 'download.refused'],
  ])('that answers %i is not asked again', async (status, code) => {
    hub.misbehave((_, response) => {
      end(response, status, { error: 'no' });
      return true;
    });
    expect(await failureOf(get())).toBe(code);
    expect(hub.requests).toHaveLength(1);
  });

  it('that is busy is asked again when it says', async () => {
    hub.misbehave(({ path }, response, nth) => {
      if (nth > 0 || !(WEIGHTS.test(path) || path.includes('/tree/'))) return false;
      end(response, 429, {}, { 'Retry-After': WEIGHTS.test(path) ? '17' : '3' });
      return true;
    });
    expect((await get()).id).toBe(id);
    expect(waits).toEqual([3000, 17_000]);
  });

  it('that asks to wait for an hour is not waited for', async () => {
    hub.misbehave((_, response) => {
      end(response, 429, {}, { 'Retry-After': '3600' });
      return true;
    });
    expect(await failureOf(get())).toBe('download.busy');
    expect(waits).toEqual([]);
  });

  it('that breaks down is asked again, at longer and longer intervals', async () => {
    hub.misbehave(({ path }, response, nth) => {
      if (nth > 2 || !path.endsWith('/config.json')) return false;
      end(response, 500, {});
      return true;
    });
    expect((await get()).id).toBe(id);
    expect(waits).toEqual([1000, 2000, 4000]);
  });

  it.each([
    ['is no JSON', '<html>Sign in</html>'],
    ['is no list', '{"error": 3}'],
    ['has entries that are none', '[{"path": "config.json"}]'],
    ['gives no hashes', '[{"type": "file", "path": "config.json", "size": 3}]'],
    ['gives lengths that are none', JSON.stringify([{ ...entriesOf(good, '')[0], size: -1 }])],
  ])('whose list %s is said so', async (_, body) => {
    hub.misbehave(({ path }, response) => {
      if (!path.includes('/tree/')) return false;
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
      return true;
    });
    expect(await failureOf(get())).toBe('download.badListing');
  });

  it('whose list leads out of the folder writes nothing there', async () => {
    const hostile = ['../evil/config.json', '/evil/model.safetensors', 'C:\\evil\\config.json', '..\\evil', 'onnx/../../evil.onnx', 'config.json\0.evil', 'model-00001-of-00002.safetensors/../../evil'];
    hub.misbehave(({ path }, response) => {
      if (!path.includes('/tree/')) return false;
      const entries = hostile.map((name) => ({ ...entriesOf({ 'config.json': '{}' }, '')[0], path: name }));
      end(response, 200, [...entriesOf(good, ''), ...entries]);
      return true;
    });
    const model = await get();
    expect(filesBelow(model.folder)).toHaveLength(5);
    expect(readdirSync(outside)).toEqual(['storage']);
    expect(filesBelow(root).filter((file) => file.includes('evil'))).toEqual([]);
    expect(existsSync('/evil')).toBe(false);
  });

  it('whose list goes on elsewhere is not followed with the token', async () => {
    const { elsewhere, tokens } = await otherHost();
    hub.misbehave(({ path }, response) => {
      if (!path.includes('/tree/')) return false;
      end(response, 200, [], { Link: `<${elsewhere.origin}/api/next>; rel="next"` });
      return true;
    });
    expect(await failureOf(get({ token: 'hf_secret' }))).not.toBe('none');
    await elsewhere.close();
    expect(tokens).toEqual([undefined]);
  });

  it('that does not know ranges is asked for all of it', async () => {
    const { begin, onProgress } = dropping();
    hub.misbehave(({ path }, response, nth) => {
      if (!WEIGHTS.test(path)) return false;
      if (nth === 0) begin(response, 0, 5000);
      else response.writeHead(200, { 'Content-Length': LENGTH }).end(weights(7));
      return true;
    });
    expect(contentOf(await get({}, onProgress), 'model.safetensors').equals(weights(7))).toBe(true);
    expect(requestsOf(WEIGHTS).map(({ range }) => range)).toEqual([undefined, 'bytes=5000-']);
  });

  it('that answers with another range is asked for all of it', async () => {
    const { begin, onProgress } = dropping();
    hub.misbehave(({ path }, response, nth) => {
      if (!WEIGHTS.test(path) || nth > 1) return false;
      if (nth === 0) begin(response, 0, 5000);
      else response.writeHead(206, { 'Content-Range': `bytes 4000-${LENGTH - 1}/${LENGTH}` }).end(weights(7).subarray(4000));
      return true;
    });
    expect(contentOf(await get({}, onProgress), 'model.safetensors').equals(weights(7))).toBe(true);
    expect(requestsOf(WEIGHTS).map(({ range }) => range)).toEqual([undefined, 'bytes=5000-', undefined]);
  });
});

/** Another host, which notes the tokens that it is sent and serves the weights. */
async function otherHost(): Promise<{ elsewhere: { origin: string; close(): Promise<void> }; tokens: (string | undefined)[] }> {
  const tokens: (string | undefined)[] = [];
  const server = await listen(
    createServer((seen, response) => {
      tokens.push(seen.headers.authorization);
      serve(response, weights(7), { path: '', method: 'GET', range: seen.headers.range, ifRange: undefined, authorization: undefined });
    }),
  );
  return { elsewhere: { origin: `http://${server.authority.replace('127.0.0.1', 'localhost')}`, close: () => server.close() }, tokens };
}

describe('a token', () => {
  it('opens what is closed without it', async () => {
    hub.demand('hf_secret');
    expect(await failureOf(get())).toBe('download.needsToken');
    expect((await get({ token: 'hf_secret' })).id).toBe(id);
  });

  it('is not sent on to another host', async () => {
    const { elsewhere, tokens } = await otherHost();
    hub.demand('hf_secret');
    hub.misbehave(({ path }, response) => {
      if (!WEIGHTS.test(path)) return false;
      response.writeHead(302, { Location: `${elsewhere.origin}/signed` }).end();
      return true;
    });
    const model = await get({ token: 'hf_secret' });
    await elsewhere.close();
    expect(contentOf(model, 'model.safetensors').equals(weights(7))).toBe(true);
    expect(tokens).toEqual([undefined]);
    expect(requestsOf(WEIGHTS).map(({ authorization }) => authorization)).toEqual(['Bearer hf_secret']);
  });

  it('follows redirects of the Hub itself', async () => {
    hub.demand('hf_secret');
    hub.misbehave(({ path }, response) => {
      if (!path.endsWith('/resolve/' + hub.revision(id) + '/config.json') || path.startsWith('/api')) return false;
      response.writeHead(307, { Location: `/api/resolve-cache${path}` }).end();
      return true;
    });
    const asked = request({ token: 'hf_secret' });
    const plan = await planDownload(asked, around);
    await failureOf(download(asked, plan, () => undefined, around));
    expect(requestsOf(/resolve-cache/)[0]?.authorization).toBe('Bearer hf_secret');
  });
});

describe('a redirect', () => {
  it.each(['ftp://host/file', 'file:///etc/passwd', 'http://example.invalid/file', 'https://user:word@example.invalid/'])('to %s is not followed', async (target) => {
    hub.misbehave(({ path }, response) => {
      if (!WEIGHTS.test(path)) return false;
      response.writeHead(302, { Location: target }).end();
      return true;
    });
    expect(await failureOf(get())).toBe('download.unsafeRedirect');
  });

  it('that goes round in a circle ends', async () => {
    hub.misbehave(({ path }, response) => {
      response.writeHead(302, { Location: path }).end();
      return true;
    });
    expect(await failureOf(get())).toBe('download.unsafeRedirect');
    expect(hub.requests).toHaveLength(9);
  });
});

describe('a download that is broken off', () => {
  /** Downloads until part of the weights is there, then cancels. */
  async function cancelled(): Promise<void> {
    const stop = new AbortController();
    hub.misbehave(({ path }, response) => {
      if (!WEIGHTS.test(path)) return false;
      response.writeHead(200, { 'Content-Length': LENGTH, ETag: `"${'e'.repeat(8)}"` }).write(weights(7).subarray(0, 5000));
      return true;
    });
    const attempt = get({ signal: stop.signal }, ({ bytes }) => {
      if (bytes > 4000) stop.abort(new Error('cancelled'));
    });
    await expect(attempt).rejects.toThrow('cancelled');
    hub.misbehave(() => false);
  }

  it('leaves no model, and says what has arrived', async () => {
    await cancelled();
    expect(listed()).toEqual([]);
    expect(await partialDownloads(root)).toEqual([{ id, size: 5000 + BESIDE }]);
  });

  it('is gone on from where it was', async () => {
    await cancelled();
    const asked = hub.requests.length;
    const model = await get();
    expect(contentOf(model, 'model.safetensors').equals(weights(7))).toBe(true);
    // What was whole is not asked for again, and of the weights the rest.
    expect(hub.requests.slice(asked).filter(({ path }) => path.includes('/resolve/'))).toMatchObject([{ range: 'bytes=5000-', ifRange: '"eeeeeeee"' }]);
  });

  it('begins anew with what has changed since', async () => {
    await cancelled();
    hub.commit(id, { ...good, 'model.safetensors': weights(9) });
    const asked = hub.requests.length;
    const model = await get();
    expect(contentOf(model, 'model.safetensors').equals(weights(9))).toBe(true);
    expect(hub.requests.slice(asked).filter(({ path }) => path.includes('/resolve/')).map(({ range }) => range)).toEqual([undefined]);
  });

  it('does not keep what is no longer wanted', async () => {
    await cancelled();
    hub.commit(id, without('README.md'));
    expect(filesBelow((await get()).folder)).not.toContain('README.md');
  });

  it('begins a part anew that was spoilt in between', async () => {
    await cancelled();
    const part = join(root, 'staging/someone--small-model/files/model.safetensors');
    writeFileSync(part, Buffer.alloc(5000));
    expect(contentOf(await get(), 'model.safetensors').equals(weights(7))).toBe(true);
  });

  it('can be thrown away', async () => {
    await cancelled();
    await removePartial(root, id);
    expect(await partialDownloads(root)).toEqual([]);
    expect(filesBelow(join(root, 'staging'))).toEqual([]);
  });
});

describe('a model that is here already', () => {
  it('is kept when its next version cannot be had', async () => {
    const before = await get();
    hub.commit(id, { ...good, 'model.safetensors': weights(9) });
    hub.misbehave(({ path }, response) => {
      if (!WEIGHTS.test(path)) return false;
      response.destroy();
      return true;
    });
    expect(await failureOf(get())).toBe('download.unreachable');
    expect(installedModels(root)).toEqual([before]);
    expect(contentOf(before, 'model.safetensors').equals(weights(7))).toBe(true);
  });

  it('gives way to its next version, which takes over the files that are the same', async () => {
    const before = await get();
    hub.commit(id, { ...good, 'README.md': '# A better word' });
    const asked = hub.requests.length;
    const after = await get();
    expect(installedModels(root)).toEqual([after]);
    expect(existsSync(before.folder)).toBe(false);
    expect(hub.requests.slice(asked).filter(({ path }) => path.includes('/resolve/')).map(({ path }) => path.split('/').at(-1))).toEqual(['README.md']);
  });

  it('is not listed once a file of it is gone or cut short, and is brought again', async () => {
    const model = await get();
    truncateSync(join(model.folder, 'model.safetensors'), 100);
    expect(listed()).toEqual([]);
    expect(contentOf(await get(), 'model.safetensors').equals(weights(7))).toBe(true);
  });

  it('is brought again where its content was spoilt', async () => {
    const model = await get();
    writeFileSync(join(model.folder, 'model.safetensors'), weights(8));
    expect((await planDownload(request(), around)).present).toBeNull();
    const again = await get();
    expect(contentOf(again, 'model.safetensors').equals(weights(7))).toBe(true);
    expect(installedModels(root)).toEqual([again]);
  });

  it('is not listed twice by way of a link, nor followed out of its folder', async () => {
    const model = await get();
    const elsewhere = join(outside, 'elsewhere');
    renameSync(model.folder, elsewhere);
    symlinkSync(elsewhere, model.folder);
    expect(listed()).toEqual([]);
    await removeInstalled(root, id);
    expect(existsSync(join(elsewhere, 'model.safetensors'))).toBe(true);
  });

  it('is removed with its folder, and nothing else is', async () => {
    hub.commit('someone/other', good);
    const model = await get();
    const other = await get({ repo: { id: 'someone/other' } });
    const beside = join(root, 'models/mine');
    writeFileSync(beside, 'not a model');
    symlinkSync(model.folder, join(root, 'models/link'));
    await removeInstalled(root, id);
    expect(existsSync(model.folder)).toBe(false);
    expect(installedModels(root)).toEqual([other]);
    expect(readFileSync(beside, 'utf8')).toBe('not a model');
    await removeInstalled(root, '../../mine');
    expect(readFileSync(beside, 'utf8')).toBe('not a model');
  });
});
