import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { listen, type Listening } from './listen.ts';

const contentTypes: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.cjs': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.css': 'text/css', '.json': 'application/json' };

/** Serves `folder` to any origin as a static host does, with ranges, and `extra` files by their paths. */
export async function serveFolder(folder: string, extra: Readonly<Record<string, string>> = {}): Promise<Listening> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://127.0.0.1').pathname));
    const file = extra[path] ?? join(folder, path);
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', '*');
    response.setHeader('Access-Control-Expose-Headers', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    if (request.method === 'OPTIONS') {
      response.end();
      return;
    }
    stat(file)
      .then((found) => (found.isFile() ? readFile(file) : Promise.reject(new Error('not a file'))))
      .then(
        (body) => {
          response.setHeader('Content-Type', contentTypes[extname(file)] ?? 'application/octet-stream');
          response.setHeader('Accept-Ranges', 'bytes');
          const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
          if (from === undefined) {
            response.end(body);
            return;
          }
          const end = to === undefined || to === '' ? body.length : Math.min(Number(to) + 1, body.length);
          response.statusCode = 206;
          response.setHeader('Content-Range', `bytes ${from}-${end - 1}/${body.length}`);
          response.end(body.subarray(Number(from), end));
        },
        () => {
          response.statusCode = 404;
          response.end();
        },
      );
  });
  return listen(server);
}
