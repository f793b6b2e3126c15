/** What stands in the lines of a lesson: text, formulas, numbers that were measured, and words that point at the live view. */
import type { JSX } from 'preact';
import * as l10n from '@vscode/l10n';
import type { Inline, PointTarget } from '../../src/protocol.ts';
import { post } from '../bridge.ts';
import { Formula } from './math.tsx';
import { goTo, litBy, pointAt, stopPointing } from './pointing.ts';

export function Inlines({ parts }: { readonly parts: readonly Inline[] }): JSX.Element {
  return (
    <>
      {parts.map((part, at) => (
        <Part key={at} part={part} />
      ))}
    </>
  );
}

function Part({ part }: { readonly part: Inline }): JSX.Element {
  switch (part.kind) {
    case 'text':
      return <>{part.text}</>;
    case 'strong':
      return <strong><Inlines parts={part.children} /></strong>;
    case 'emphasis':
      return <em><Inlines parts={part.children} /></em>;
    case 'code':
      return <code>{part.text}</code>;
    case 'math':
      return <Formula tree={part.tree} tex={part.tex} />;
    case 'point':
      return <Point target={part.target} parts={part.children} />;
    case 'claim':
      return <strong class="claim" title={part.measured}><Inlines parts={part.children} /></strong>;
    case 'lesson':
      return <LessonLink id={part.id} parts={part.children} />;
    case 'break':
      return <br />;
    default:
      return part satisfies never;
  }
}

/** Not a button element: those do not wrap like the words around them. */
function Point({ target, parts }: { readonly target: PointTarget; readonly parts: readonly Inline[] }): JSX.Element {
  const there = litBy(target) !== null;
  return (
    <span
      class="point"
      role="button"
      tabIndex={0}
      aria-disabled={!there}
      title={there ? pointTitle(target) : l10n.t('This is not in the text that is shown now.')}
      onPointerEnter={() => pointAt(target)}
      onPointerLeave={stopPointing}
      onFocus={() => pointAt(target)}
      onBlur={stopPointing}
      onClick={() => goTo(target)}
      onKeyDown={onEnter(() => goTo(target))}
    >
      <Inlines parts={parts} />
    </span>
  );
}

/** What a click does. */
function pointTitle(target: PointTarget): string {
  switch (target.of) {
    case 'token':
      return l10n.t('Click to pin this token.');
    case 'link':
      return l10n.t('Click to pin the token that looks.');
    case 'head':
      return l10n.t('Click to show head {0} of layer {1}.', target.head, target.layer);
    case 'layer':
      return l10n.t('Click to show layer {0}.', target.layer);
    case 'place':
      return l10n.t('Click to go there.');
    default:
      return target satisfies never;
  }
}

function LessonLink({ id, parts }: { readonly id: string; readonly parts: readonly Inline[] }): JSX.Element {
  const open = (): void => post({ type: 'lesson', action: 'open', id });
  return (
    <span class="lesson-link" role="link" tabIndex={0} onClick={open} onKeyDown={onEnter(open)}>
      <Inlines parts={parts} />
    </span>
  );
}

/** Enter and the space bar, as on a button. */
function onEnter(act: () => void): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    act();
  };
}
