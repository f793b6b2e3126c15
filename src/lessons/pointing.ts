/** What a link in the prose means: a part of the page, a claim, another lesson. */
import type { PagePlace, PointTarget } from '../protocol.ts';
import { readTokenRef } from './tokenRef.ts';

export type Link =
  | { readonly to: 'point'; readonly target: PointTarget }

  | { readonly to: 'claim' | 'lesson'; readonly id: string };


const everyPlace: Readonly<Record<PagePlace, true>> = { strip: true, picture: true, toolbar: true, navigator: true, bars: true, sampling: true, experiments: true, model: true, text: true };

/** Whether a part of the page is called that. */
export const isPlace = (written: string): written is PagePlace => Object.hasOwn(everyPlace, written);

/** Null for an address that means nothing in a lesson. */
export function readLink(address: string): Link | null {
  const [, scheme, rest = ''] = /^(point|claim|lesson):(.+)$/su.exec(address) ?? [];
  if (scheme === 'claim' || scheme === 'lesson') return { to: scheme, id: rest };
  const target = scheme === 'point' ? readTarget(rest) : null;
  return target && { to: 'point', target };
}

function readTarget(written: string): PointTarget | null {
  if (isPlace(written)) return { of: 'place', place: written };
  const [, kind, rest = ''] = /^([a-z]+)\/(.+)$/su.exec(written) ?? [];
  const said = decoded(rest);
  if (said === null) return null;
  switch (kind) {
    case 'token':
      return readTokenRef(said) && { of: 'token', token: said };
    case 'link': {
      const [from = '', to = '', ...more] = said.split('>');
      return more.length === 0 && readTokenRef(from) && readTokenRef(to) ? { of: 'link', from, to } : null;
    }
    case 'head': {
      const [, layer, head] = /^(\d{1,3})\.(\d{1,3})$/.exec(said) ?? [];
      return layer !== undefined && head !== undefined ? { of: 'head', layer: Number(layer), head: Number(head) } : null;
    }
    case 'layer':
      return /^\d{1,3}$/.test(said) ? { of: 'layer', layer: Number(said) } : null;
    default:
      return null;
  }
}

/** Blanks in an address are written %20. */
function decoded(written: string): string | null {
  try {
    return decodeURIComponent(written);
  } catch {
    return null;
  }
}
