/** What words of a lesson do: they light up their part of the live view, and go there when they are chosen. */
import type { PagePlace, Place, PointTarget } from '../../src/protocol.ts';
import { lit, light, type Lit } from '../lit.ts';
import { hover, pin, pinned, setView, shown } from '../store.ts';
import { samePlace } from '../place.ts';
import { namedTokens } from './lessonStore.ts';

/** What a target is in the shown run; null where it has no such token. */
export function litBy(target: PointTarget): Lit | null {
  switch (target.of) {
    case 'token': {
      const token = placeOf(target.token);
      return token ? { of: 'token', token } : null;
    }
    case 'link': {
      const [from, to] = [placeOf(target.from), placeOf(target.to)];
      return from && to ? { of: 'link', from, to } : null;
    }
    default:
      return target;
  }
}

function placeOf(token: string): Place | undefined {
  const named = namedTokens.value;
  return named && named.run === shown.value?.info.run ? named.places.get(token) : undefined;
}

/** A token counts as pointed at, as under the pointer; of a link the one that looks. */
export function pointAt(target: PointTarget): void {
  const next = litBy(target);
  light(next);
  if (next) partAt(holding(next))?.scrollIntoView({ block: 'nearest' });
  hover(next?.of === 'token' ? next.token : next?.of === 'link' ? next.from : null);
}

/** The part of the page that shows it. */
function holding(now: Lit): PagePlace {
  switch (now.of) {
    case 'token':
      return 'strip';
    case 'link':
      return 'picture';
    case 'head':
    case 'layer':
      return 'navigator';
    default:
      return now.place;
  }
}

export function stopPointing(): void {
  if (lit.peek() === null) return;
  light(null);
  hover(null);
}

/** Stays there: pins the token, shows the head or the layer, goes to the part of the page. */
export function goTo(target: PointTarget): void {
  const there = litBy(target);
  switch (there?.of) {
    case 'token':
    case 'link': {
      const place = there.of === 'token' ? there.token : there.from;
      if (!samePlace(place, pinned.peek())) pin(place);
      break;
    }
    case 'head':
      setView({ layer: there.layer, heads: [there.head] });
      break;
    case 'layer':
      setView({ layer: there.layer });
      break;
    case 'place':
      visit(there.place);
      break;
    default:
      break;
  }
}

/** Where the parts of the page are. */
const selectors: Readonly<Record<PagePlace, string>> = {
  strip: '.region.text',
  picture: '.region.picture',
  toolbar: '.toolbar',
  navigator: '.region.navigator',
  bars: '.region.answer',
  sampling: '.answer-tools',
  experiments: '.region.experiments',
  model: '.status vscode-dropdown',
  text: '.lesson-text',
};

const focusable = 'button, input, textarea, vscode-button, vscode-dropdown, [tabindex="0"]';

const partAt = (place: PagePlace): HTMLElement | null => document.querySelector<HTMLElement>(selectors[place]);

function visit(place: PagePlace): void {
  const part = partAt(place);
  if (!part) return;
  const inside = part.matches(focusable) ? part : part.querySelector<HTMLElement>(focusable);
  inside?.focus({ preventScroll: true });
}
