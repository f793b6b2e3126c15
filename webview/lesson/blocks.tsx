/** The prose of a step. */
import type { JSX } from 'preact';
import type { Block, TableCell } from '../../src/protocol.ts';
import { Inlines } from './inlines.tsx';
import { Formula } from './math.tsx';

export function Blocks({ blocks }: { readonly blocks: readonly Block[] }): JSX.Element {
  return (
    <>
      {blocks.map((block, at) => (
        <BlockPart key={at} block={block} />
      ))}
    </>
  );
}

function BlockPart({ block }: { readonly block: Block }): JSX.Element {
  switch (block.kind) {
    case 'paragraph':
      return <p><Inlines parts={block.children} /></p>;
    case 'heading':
      return block.level === 3 ? <h3><Inlines parts={block.children} /></h3> : <h4><Inlines parts={block.children} /></h4>;
    case 'list':
      return <Items {...block} />;
    case 'quote':
      return <blockquote><Blocks blocks={block.children} /></blockquote>;
    case 'code':
      return <pre><code>{block.text}</code></pre>;
    case 'table':
      return <Table {...block} />;
    case 'math':
      return <div class="formula"><Formula tree={block.tree} tex={block.tex} /></div>;
    default:
      return block satisfies never;
  }
}

function Items({ start, items }: Extract<Block, { kind: 'list' }>): JSX.Element {
  const parts = items.map((item, at) => <li key={at}><Blocks blocks={item} /></li>);
  return start === null ? <ul>{parts}</ul> : <ol start={start}>{parts}</ol>;
}

function Table({ head, rows }: Extract<Block, { kind: 'table' }>): JSX.Element {
  return (
    <div class="lesson-table">
      <table>
        <thead>
          <tr>{head.map((cell, at) => <th key={at} scope="col" class={cell.align}><Inlines parts={cell.children} /></th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <Row key={at} cells={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ cells }: { readonly cells: readonly TableCell[] }): JSX.Element {
  return <tr>{cells.map((cell, at) => <td key={at} class={cell.align}><Inlines parts={cell.children} /></td>)}</tr>;
}
