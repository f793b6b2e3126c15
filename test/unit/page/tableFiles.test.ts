/** Tables as files: numbers as they are, text that a spreadsheet would compute made harmless. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvFile, jsonFile, markdownTables } from '../../../webview/exports/tableFiles.ts';
import type { TableData } from '../../../webview/ui/tableData.ts';

const table: TableData = {
  caption: 'Links',
  titles: ['Token', 'Weight'],
  numeric: [false, true],
  texts: [],
  rows: [['the', 0.1 + 0.2], [' a "b",\nc', -1e-12], ['=1+1', NaN], ['+x', null], ['-x', 3], ['@x', 4]],
};

/** RFC 4180, restated. */
function read(csv: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|$)/gy;
  for (let match = cell.exec(csv); match && match.index < csv.length; match = cell.exec(csv)) {
    const [, text = '', end] = match;
    rows.at(-1)?.push(text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);
    if (end === '\r\n') rows.push([]);
  }
  return rows.filter((row) => row.length > 0);
}

describe('CSV', () => {
  it('has the caption, the titles, and numbers in full', () => {
    expect(read(csvFile([table], 'storyteller, layer 2'))).toEqual([
      ['# storyteller, layer 2'],
      ['Token', 'Weight'],
      ['the', '0.30000000000000004'],
      [' a "b",\nc', '-1e-12'],
      ["'=1+1", ''],
      ["'+x", ''],
      ["'-x", '3'],
      ["'@x", '4'],
    ]);
  });

  it('holds any text, and never a formula', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: fc.constantFrom('a', '=', '+', '-', '@', '＝', '\t', '\r', '\n', '"', ',', "'", '|', '本', '\ud800') }), (text) => {
        const [, , [cell = ''] = []] = read(csvFile([{ ...table, rows: [[text, 1]] }], 'c'));
        expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        expect([text, `'${text}`]).toContain(cell);
      }),
    );
  });

  it('names each of several tables', () => {
    expect(csvFile([table, { ...table, caption: 'Others', rows: [] }], 'c')).toContain('\r\n\r\n# Others\r\nToken,Weight\r\n');
  });
});

describe('JSON', () => {
  it('has the facts and the same numbers', () => {
    const read = JSON.parse(jsonFile([table], { caption: 'c', model: { name: 'storyteller' } })) as unknown;
    expect(read).toEqual({ caption: 'c', model: { name: 'storyteller' }, tables: [{ caption: 'Links', columns: ['Token', 'Weight'], rows: table.rows.map(([text, value]) => [text, typeof value === 'number' && Number.isNaN(value) ? null : value]) }] });
  });
});

describe('Markdown', () => {
  it('is a table whose cells hold what the tokens say', () => {
    expect(markdownTables([{ ...table, rows: [['a|b*c_\n<d>', 0.123456789]] }], 'Head *2*.3')).toBe('| Token | Weight |\n| --- | ---: |\n| a\\|b\\*c\\_ \\<d\\> | 0.123457 |\n\nHead \\*2\\*.3\n');
  });
});
