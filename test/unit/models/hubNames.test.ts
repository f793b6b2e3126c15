import { resolve, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DownloadFailure } from '../../../src/models/hub/failure.ts';
import { insideFolder, isSafePath, refuseCollisions } from '../../../src/models/hub/fileNames.ts';
import { parseEndpoint, parseRepo } from '../../../src/models/hub/repo.ts';
import { retryAfter } from '../../../src/models/hub/transport.ts';

describe('the name of a file from outside', () => {
  it.each(['config.json', 'onnx/model.onnx', 'a b.json', '.gitattributes', '模型.json', 'model-00001-of-00002.safetensors', 'console.json'])('%j is safe', (path) => {
    expect(isSafePath(path)).toBe(true);
  });

  it.each([
    '', '.', '..', '../x', 'a/../b', 'a/./b', '/etc/passwd', 'a//b', 'a/', 'C:/x', 'C:x', 'a\\b', '\\\\host\\share', 'a\0b', 'a\nb', 'x:stream', 'a*', 'a?', '<a>', 'a|b', '"a"',
    'con', 'CON.json', 'aux.tar.gz', 'a/NUL', 'com1', 'LPT9.txt', 'COM¹', 'conin$', 'ends.', 'ends ', ' begins', 'nul .txt', 'x'.repeat(256), `${'a/'.repeat(300)}b`,
  ])('%j is not', (path) => {
    expect(isSafePath(path)).toBe(false);
    expect(() => insideFolder('/models/x', path)).toThrow(DownloadFailure);
  });

  it('never leads out of its folder', () => {
    const folder = resolve('/models/x');
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.array(fc.constantFrom('..', '.', '', 'a', '\\', '/', ':', '\0', 'con')).map((parts) => parts.join('/'))), (path) => {
        if (isSafePath(path)) expect(resolve(insideFolder(folder, path)).startsWith(folder + sep)).toBe(true);
      }),
    );
  });

  it.each([[['a.json', 'A.json']], [['caf\u00e9', 'cafe\u0301']], [['onnx', 'onnx/model.onnx']], [['Onnx', 'onnx/a/model.onnx']], [['a', 'a']]])('%j would be one file', (paths) => {
    expect(() => refuseCollisions(paths)).toThrow(DownloadFailure);
  });

  it('beside others of its folder is no collision', () => {
    expect(() => refuseCollisions(['onnx/a', 'onnx/b', 'a', 'b'])).not.toThrow();
  });
});

describe('the name of a repository', () => {
  it.each([
    ['gpt2', { id: 'gpt2' }],
    [' openai-community/gpt2 ', { id: 'openai-community/gpt2' }],
    ['Qwen/Qwen3-0.6B', { id: 'Qwen/Qwen3-0.6B' }],
    ['Helsinki-NLP/opus-mt-en-fr@refs/pr/4', { id: 'Helsinki-NLP/opus-mt-en-fr', revision: 'refs/pr/4' }],
    ['https://huggingface.co/openai-community/gpt2', { id: 'openai-community/gpt2' }],
    ['https://huggingface.co/openai-community/gpt2/tree/main?x#y', { id: 'openai-community/gpt2', revision: 'main' }],
  ])('is read from %j', (text, repo) => {
    expect(parseRepo(text)).toEqual(repo);
  });

  it.each(['', 'a/b/c', '../x', 'a/..', 'a--b/c', '-a/b', 'a/b.', 'a/b.git', 'a b', 'a/b@', 'a/b@../x', 'a/b@x//y', 'a\\b', 'a/b?x=1', 'a/b#c', 'ä/b', `${'a'.repeat(97)}/b`, 'https://huggingface.co/'])('is not %j', (text) => {
    expect(parseRepo(text)).toBeNull();
  });
});

describe('the address of the Hub', () => {
  it.each([
    ['https://huggingface.co', 'https://huggingface.co'],
    ['https://mirror.example/hub/', 'https://mirror.example/hub'],
    ['http://localhost:8080/', 'http://localhost:8080'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('%j is %j', (text, endpoint) => {
    expect(parseEndpoint(text)).toBe(endpoint);
  });

  it.each(['', 'huggingface.co', 'http://huggingface.co', 'http://127.0.0.1.example', 'http://localhost.example', 'ftp://localhost', 'file:///tmp', 'https://user:word@host', 'https://host?x', 'https://host#x', 'javascript:alert(1)'])('%j is none', (text) => {
    expect(() => parseEndpoint(text)).toThrow(DownloadFailure);
  });
});

describe('when to ask again', () => {
  const now = Date.parse('Sun, 22 Nov 2026 12:00:00 GMT');
  it.each([
    [null, null],
    ['0', 0],
    ['17', 17_000],
    ['Sun, 22 Nov 2026 12:01:00 GMT', 60_000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['soon', null],
  ])('%j is %j ms', (header, milliseconds) => {
    expect(retryAfter(header, now)).toBe(milliseconds);
  });
});
