/** Names of repositories, and where the Hub is: both are typed by people and become part of addresses and folders. */
import { DownloadFailure } from './failure.ts';

export interface Repo {
  /** `owner/name`, or a name alone as the Hub's oldest repositories have it. */
  readonly id: string;
  /** Branch, tag or commit; the default branch where there is none. */
  readonly revision?: string;
}

/** Letters, digits, `_`, `-`, `.`; at most 96 of them; neither first nor last is `-` or `.`. */
const PART = /^\w(?:[\w.-]{0,94}\w)?$/;
const REVISION = /^[\w](?:[\w./-]{0,198}[\w])?$/;

/** Whether it is the id of a repository. `--` stands for the slash in names of folders, so that no part may hold it; nor does the Hub allow it. */
export function isRepoId(id: string): boolean {
  const parts = id.split('/');
  return parts.length <= 2 && parts.every((part) => PART.test(part) && !/--|\.\./.test(part) && !/\.git$/i.test(part));
}

/** Reads `owner/name`, `owner/name@revision`, or the address of a model's page; `null` where it is none of these. */
export function parseRepo(text: string): Repo | null {
  const typed = text.trim();
  const page = /^https?:\/\/[^/]+\/([^?#]+)/.exec(typed)?.[1]?.replace(/\/$/, '');
  const [, id, revision] = (page === undefined ? /^([^@]+)(?:@(.+))?$/ : /^([^/]+(?:\/[^/]+)?)(?:\/tree\/(.+))?$/).exec(page ?? typed) ?? [];
  if (id === undefined || !isRepoId(id)) return null;
  if (revision === undefined) return { id };
  return REVISION.test(revision) && !revision.includes('..') && !revision.includes('//') ? { id, revision } : null;
}

/** Whether a host is this machine. */
export function isLocal(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * The address of the Hub or a mirror of it, without a slash at its end.
 * @throws DownloadFailure `download.badEndpoint` unless it is https, or http on this machine, without user, query and fragment
 */
export function parseEndpoint(text: string): string {
  const typed = text.trim();
  const url = URL.canParse(typed) ? new URL(typed) : null;
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal(url.hostname));
  if (!url || !secure || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') throw new DownloadFailure('download.badEndpoint', { endpoint: typed });
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
