/** A formula as MathML, which the browser sets itself; its TeX is what it is called. */
import { createElement } from 'preact';
import type { JSX } from 'preact';
import type { MathElement } from '../../src/protocol.ts';

export function Formula({ tree, tex }: { readonly tree: MathElement; readonly tex: string }): JSX.Element {
  return createElement(tree.tag, { ...tree.attributes, 'aria-label': tex }, ...childrenOf(tree));
}

function childrenOf({ children }: MathElement): (JSX.Element | string)[] {
  return children.map((child) => (typeof child === 'string' ? child : createElement(child.tag, child.attributes, ...childrenOf(child))));
}
