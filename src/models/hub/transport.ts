/**
 * Requests to the Hub: redirects are followed here, so that a token never reaches another host and nothing
 * falls back to plain http; answers that are not the wanted one become failures, those that may pass as such.
 */
import { DownloadFailure, PassingFailure } from './failure.ts';
import { isLocal } from './repo.ts';

export interface TransportOptions {
  readonly endpoint: string;
  readonly token?: string | undefined;
  /** For messages. */
  readonly repo: string;
  readonly fetch: typeof fetch;
  /** A connection that gives nothing for so many milliseconds is given up. */
  readonly stall: number;
}

const MOST_REDIRECTS = 8;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
/** A server that asks for a longer pause is not waited for. */
const LONGEST_WAIT = 300_000;

export class Transport {
  private readonly origin: string;

  constructor(readonly options: TransportOptions) {
    this.origin = new URL(options.endpoint).origin;
  }

  get host(): string {
    return new URL(this.options.endpoint).host;
  }

  /**
   * The answer to a GET: 200, 206, or 416 where a range was asked for. `signal` ends the answer's body too.
   * @throws PassingFailure `download.unreachable`, `download.brokenOff`, `download.busy`
   * @throws DownloadFailure `download.needsToken`, `download.forbidden`, `download.notFound`, `download.refused`, `download.unsafeRedirect`
   */
  async get(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
    let target = this.allowed(new URL(url));
    let athome = target.origin === this.origin;
    for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
      const response = await this.ask(target, athome ? { ...headers, ...this.authorization() } : headers, signal);
      const location = response.headers.get('location');
      if (!REDIRECTS.includes(response.status) || location === null) return this.accepted(response, athome, 'Range' in headers);
      await response.body?.cancel();
      if (!URL.canParse(location, target.href)) throw new DownloadFailure('download.unsafeRedirect', { host: target.host, target: location });
      target = this.allowed(new URL(location, target.href));
      // Once it has been elsewhere, a request does not get the token back.
      athome = athome && target.origin === this.origin;
    }
    throw new DownloadFailure('download.unsafeRedirect', { host: this.host, target: target.host });
  }

  /** A connection that ended within an answer. */
  broken(cause: unknown): PassingFailure {
    return new PassingFailure('download.unreachable', { host: this.host, detail: reasonOf(cause) }, null, { cause });
  }

  private authorization(): Record<string, string> {
    return this.options.token === undefined ? {} : { Authorization: `Bearer ${this.options.token}` };
  }

  /** https; on this machine http too, where the endpoint itself is here. */
  private allowed(url: URL): URL {
    const local = url.protocol === 'http:' && isLocal(url.hostname) && this.origin.startsWith('http:');
    if ((url.protocol !== 'https:' && !local) || url.username !== '' || url.password !== '') throw new DownloadFailure('download.unsafeRedirect', { host: this.host, target: url.host });
    return url;
  }

  private async ask(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
    try {
      // Compressed bytes could not be counted, nor gone on from.
      return await this.options.fetch(url, { headers: { 'Accept-Encoding': 'identity', ...headers }, redirect: 'manual', signal });
    } catch (thrown) {
      if (signal.aborted) throw signal.reason;
      throw new PassingFailure('download.unreachable', { host: url.host, detail: reasonOf(thrown) }, null, { cause: thrown });
    }
  }

  private async accepted(response: Response, athome: boolean, ranged: boolean): Promise<Response> {
    const { status } = response;
    if (status === 200 || (ranged && (status === 206 || status === 416))) return response;
    await response.body?.cancel();
    const facts = { repo: this.options.repo, host: this.host };
    if (status === 429 || status === 408 || status >= 500) {
      const wait = retryAfter(response.headers.get('retry-after'), Date.now());
      if (wait !== null && wait > LONGEST_WAIT) throw new DownloadFailure('download.busy', facts);
      throw new PassingFailure(status === 429 ? 'download.busy' : 'download.refused', { ...facts, status: String(status) }, wait);
    }
    // Signed addresses of a storage host run out: the next try gets another.
    if (!athome && (status === 401 || status === 403)) throw new PassingFailure('download.refused', { ...facts, status: String(status) });
    if (status === 401) throw new DownloadFailure('download.needsToken', facts);
    if (status === 403) throw new DownloadFailure('download.forbidden', facts);
    if (status === 404 || status === 410) throw new DownloadFailure('download.notFound', facts);
    throw new DownloadFailure('download.refused', { ...facts, status: String(status) });
  }
}

/** Milliseconds of a `Retry-After`: seconds, or a date. @param now milliseconds since 1970 */
export function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** What a failed fetch says of its cause, such as ENOTFOUND. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
