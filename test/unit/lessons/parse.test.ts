/** Lesson files, whole and damaged: what is read, and the very place that each mistake is put at. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block, Inline, MathElement } from '../../../src/protocol.ts';
import { parseLesson } from '../../../src/lessons/parse.ts';

const known = { models: ['storyteller', 'reader'], lessons: ['02-tokens'] };
const read = (source: string): ReturnType<typeof parseLesson> => parseLesson('test', source, known);
const front = '---\ntitle: A title\nafter: I can say it.\n---\n';
const show = '```show\nmodel: storyteller\ntext: The book.\n```\n';
const lesson = (body: string): string => `${front}\n## A step {#one}\n\n${body}`;

/** Each mistake as the text it is under, and its sentence. */
function mistakesOf(source: string): [string, string][] {
  return read(source).mistakes.map(({ range, message }) => [source.slice(range.start, range.end), message]);
}

function proseOf(body: string): readonly Block[] {
  const { file, mistakes } = read(lesson(body));
  expect(mistakes).toEqual([]);
  return file?.lesson.steps[0]?.prose ?? [];
}

function inlinesOf(body: string): readonly Inline[] {
  const [block] = proseOf(body);
  return block?.kind === 'paragraph' ? block.children : [];
}

describe('a lesson', () => {
  it('has a title, steps with ids, and what each shows', () => {
    const { file, mistakes } = read(`${front}\n## First {#a}\n${show}\nSome prose.\n\n## Second **one** {#b}\n\n\`\`\`show\ntext: Other words.\n\`\`\`\n\n## Third {#c}\n\nMore.\n`);
    expect(mistakes).toEqual([]);
    expect(file?.lesson).toMatchObject({ id: 'test', title: 'A title', after: 'I can say it.' });
    expect(file?.lesson.steps.map(({ id, show: shown }) => [id, shown])).toEqual([
      ['a', { model: 'storyteller', text: 'The book.', editable: false }],
      ['b', { model: 'storyteller', text: 'Other words.', editable: false }],
      ['c', { model: 'storyteller', text: 'Other words.', editable: false }],
    ]);
    expect(file?.lesson.steps[1]?.title).toEqual([{ kind: 'text', text: 'Second ' }, { kind: 'strong', children: [{ kind: 'text', text: 'one' }] }]);
    expect(file?.steps.map(({ show: own, seen }) => [own !== null, seen?.text])).toEqual([[true, 'The book.'], [true, 'Other words.'], [false, 'Other words.']]);
  });

  it('may set a sweep, two texts, and a filter of heads', () => {
    const wish = { picture: 'patching', otherText: 'The book reads.', patchOver: 'z', headFilter: 'induction > 0.6', repeatedTokens: true, sweepOver: 'parts', sweepBy: 'mean', sweepMeasure: 'divergence' };
    const { file, mistakes } = read(lesson(`\`\`\`show\nmodel: storyteller\ntext: The girl reads.\n${Object.entries(wish).map(([key, value]) => `${key}: ${String(value)}\n`).join('')}\`\`\`\n`));
    expect(mistakes).toEqual([]);
    expect(file?.steps[0]?.show?.wish).toMatchObject(wish);
  });

  it('has prose as a plain tree', () => {
    expect(proseOf('A **b** *c* `d`\\\ne.\n\n### F\n\n3. x\n4. y\n\n> q\n\n```js\nlet z;\n```\n\n| h | i |\n| :-: | --: |\n| 1 | 2 |\n')).toMatchObject([
      { kind: 'paragraph', children: [{ kind: 'text', text: 'A ' }, { kind: 'strong' }, { kind: 'text', text: ' ' }, { kind: 'emphasis' }, { kind: 'text', text: ' ' }, { kind: 'code', text: 'd' }, { kind: 'break' }, { kind: 'text', text: 'e.' }] },
      { kind: 'heading', level: 3 },
      { kind: 'list', start: 3, items: [[{ kind: 'paragraph' }], [{ kind: 'paragraph' }]] },
      { kind: 'quote', children: [{ kind: 'paragraph' }] },
      { kind: 'code', language: 'js', text: 'let z;\n' },
      { kind: 'table', head: [{ align: 'center' }, { align: 'end' }], rows: [[{ children: [{ text: '1' }] }, { children: [{ text: '2' }] }]] },
    ]);
  });

  it('joins lines of Chinese without a blank, and others with one', () => {
    expect(inlinesOf('词元\n变成数字\nand words').map((inline) => (inline.kind === 'text' ? inline.text : '?')).join('')).toBe('词元变成数字 and words');
  });

  it.each([
    ['point:token/the#2', { of: 'token', token: 'the#2' }],
    ['point:token/output:Buch', { of: 'token', token: 'output:Buch' }],
    ['point:token/two%20words', { of: 'token', token: 'two words' }],
    ['point:token/词元', { of: 'token', token: '词元' }],
    ['point:link/book>teacher', { of: 'link', from: 'book', to: 'teacher' }],
    ['point:head/2.10', { of: 'head', layer: 2, head: 10 }],
    ['point:layer/3', { of: 'layer', layer: 3 }],
    ['point:bars', { of: 'place', place: 'bars' }],
  ])('points by %s', (address, target) => {
    expect(inlinesOf(`[here](${address})`)).toEqual([{ kind: 'point', target, children: [{ kind: 'text', text: 'here' }] }]);
  });

  it('has formulas as elements of MathML, of harmless names only', () => {
    const [block] = proseOf('$$\n\\text{softmax}\\left(\\frac{q k}{\\sqrt{d}}\\right)\n- x\n$$\n');
    const tags = (tree: MathElement): string[] => [tree.tag, ...tree.children.flatMap((child) => (typeof child === 'string' ? [] : tags(child)))];
    expect(block?.kind === 'math' && tags(block.tree)).toEqual(expect.arrayContaining(['math', 'mfrac', 'msqrt', 'mtext']));
    expect(inlinesOf('It costs $5 and $6, while $x<1$ holds.').map(({ kind }) => kind)).toEqual(['text', 'math', 'text']);
  });

  it('says of a claim what was measured', () => {
    const { file, mistakes } = read(lesson(`${show}\nIt has [6](claim:layers) layers.\n\n\`\`\`claims\nlayers: { model: layers }\n\`\`\`\n`));
    expect(mistakes).toEqual([]);
    expect(file?.lesson.steps[0]?.prose[0]).toMatchObject({ children: [{}, { kind: 'claim', id: 'layers', measured: 'Layers of the model (storyteller)' }, {}] });
    expect(file?.steps[0]?.claims).toMatchObject([{ id: 'layers', measurement: { model: 'layers' }, stated: [{ text: '6' }] }]);
  });

  it('shows a check without its answers', () => {
    const { file, mistakes } = read(lesson(`${show}\n\`\`\`check\nkind: head\ntask: Find **one**.\nscore: previous\nabove: 0.6\nhint: [Look., Look below.]\nanswer: { layer: 2, head: 1 }\nwrong: [{ layer: 0, head: 0 }]\n\`\`\`\n`));
    expect(mistakes).toEqual([]);
    expect(file?.lesson.steps[0]?.check).toEqual({ kind: 'head', task: [{ kind: 'text', text: 'Find ' }, { kind: 'strong', children: [{ kind: 'text', text: 'one' }] }, { kind: 'text', text: '.' }] });
    expect(JSON.stringify(file?.lesson)).not.toContain('answer');
    expect(file?.steps[0]?.check?.hints).toHaveLength(2);
  });

  it('has its mistakes at the same place with line ends of Windows', () => {
    const source = lesson('```show\nmodel: storyteller\ntext: A\npicture: mapp\n```\n').replaceAll('\n', '\r\n');
    expect(mistakesOf(source)).toEqual([['mapp', expect.stringContaining('"mapp" is none of graph, map')]]);
  });
});

describe('a mistake is put at the very place', () => {
  it.each<[string, string, string, string]>([
    ['no title', 'Just text.', 'Just text.', 'begins with its title'],
    ['an unknown key of the title', front.replace('after', 'aftr') + '## S {#s}\n\nx', 'aftr', 'There is no key'],
    ['no id', `${front}## A step\n\nx`, '## A step', 'has an id'],
    ['the same id twice', `${front}## A {#a}\n\nx\n\n## B {#a}\n\ny`, '## B {#a}', 'has the id “a” too'],
    ['prose before the first step', `${front}Hello.\n\n## A {#a}\n\nx`, 'Hello.', 'nothing but the title'],
    ['an unknown picture', lesson('```show\nmodel: storyteller\ntext: A\npicture: mapp\n```\n'), 'mapp', 'is none of graph, map'],
    ['an unknown key of a view', lesson('```show\nmodel: storyteller\ntext: A\nlayr: 2\n```\n'), 'layr', 'There is no key “layr” here.'],
    ['an unknown model', lesson('```show\nmodel: gpt5\ntext: A\n```\n'), 'gpt5', 'There is no model gpt5.'],
    ['a view without model', lesson('```show\npicture: map\n```\n'), 'picture: map\n', 'names a model and a text'],
    ['YAML that is none', lesson('```show\nmodel: [storyteller\n```\n'), '\n', 'This is not YAML'],
    ['a block twice', lesson(`${show}\n${show}`), show.trimEnd(), 'one block “show” only'],
    ['a block in a list', lesson('- x\n\n  ```show\n  model: storyteller\n  ```\n'), '  ```show\n  model: storyteller\n  ```', 'stands by itself'],
    ['a claim that nothing measures', lesson(`${show}\nIt is [6](claim:layers).\n`), 'claim:layers', 'no measurement “layers”'],
    ['a measurement that is none', lesson(`${show}\n\`\`\`claims\na: { probabilty: " book" }\n\`\`\`\n[1](claim:a)`), '{ probabilty: " book" }', 'This is no measurement.'],
    ['a key that a measurement has not', lesson(`${show}\n\`\`\`claims\na: { probability: " book", befor: the }\n\`\`\`\n[1](claim:a)`), 'befor', 'There is no key “befor” here.'],
    ['a check of no kind', lesson(`${show}\n\`\`\`check\nkind: quiz\n\`\`\`\n`), 'quiz', '"quiz" is none of'],
    ['a check that lacks its answer', lesson(`${show}\n\`\`\`check\nkind: text\nmeasure: { tokens: text }\nabove: 3\nwrong: A b c d e f\n\`\`\`\n`), 'kind: text', 'The key “answer” is missing.'],
    ['a point at nothing', lesson('See [this](point:lamp).'), 'point:lamp', 'is nothing that can be pointed at'],
    ['a link outside', lesson('See [this](https://example.org/a?b=c).'), 'https://example.org/a?b=c', 'link to nothing outside'],
    ['an automatic link', lesson('See <https://example.org>.'), 'https://example.org', 'link to nothing outside'],
    ['a script', lesson('[x](javascript:alert(1))'), 'javascript:alert(1)', 'link to nothing outside'],
    ['a lesson that is not there', lesson('See [this](lesson:99-x).'), 'lesson:99-x', 'no lesson “99-x”'],
    ['a picture file', lesson('![x](a.png)'), '](a.png', 'Pictures are not shown'],
    ['HTML in a line', lesson('a <b onclick="x()">b</b>'), '<b onclick="x()">', 'HTML is not shown'],
    ['HTML by itself', lesson('<script>alert(1)</script>\n'), '<script>alert(1)</script>', 'HTML is not shown'],
    ['a formula that is none', lesson('$\\frac{1}$'), '\\frac{1}', 'This formula cannot be read'],
    ['a formula that would link', lesson('$\\href{https://example.org}{x}$'), '', ''],
  ])('%s', (_what, source, place, sentence) => {
    const mistakes = mistakesOf(source);
    if (place === '') expect(JSON.stringify(read(source).file)).not.toMatch(/"href"/);
    else expect(mistakes).toContainEqual([place, expect.stringContaining(sentence)]);
  });
});

describe('a hostile file', () => {
  it.each<[string, string]>([
    ['aliases', 'a: &x [1]\nb: *x\n'],
    ['a bomb of aliases', `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e', 'f', 'g'].map((name, at) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${['a', 'b', 'c', 'd', 'e', 'f'][at] ?? ''}`).join(',')}]`).join('\n')}\n`],
    ['tags', 'model: !!js/function "x"\n'],
    ['a prototype', '__proto__: { polluted: true }\n'],
    ['merging', '<<: { model: storyteller }\n'],
    ['deep lists', `model: ${'['.repeat(5000)}${']'.repeat(5000)}\n`],
    ['deep maps', `model: ${'{a: '.repeat(500)}x${'}'.repeat(500)}\n`],
    ['a very long string', `model: ${'x'.repeat(100_000)}\n`],
    ['numbers of no size', 'model: storyteller\ntext: A\nlayer: 1e999\n'],
  ])('with %s in a block is refused', (_what, yaml) => {
    const { mistakes } = read(lesson(`\`\`\`show\n${yaml}\`\`\`\n`));
    expect(mistakes.some(({ severity }) => severity === 'error')).toBe(true);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('of a megabyte is refused at once', () => {
    expect(read('x'.repeat(2 ** 20))).toEqual({ file: null, mistakes: [expect.objectContaining({ message: 'A lesson is not longer than 256 KB.' })] });
  });

  it.each([
    ['quotations', `${'>'.repeat(2000)} x`],
    ['lists', Array.from({ length: 200 }, (_, depth) => `${'  '.repeat(depth)}- x`).join('\n')],
    ['emphasis', '*a '.repeat(3000)],
    ['brackets', '['.repeat(20_000)],
    ['dollars', '$ '.repeat(20_000)],
    ['braces in a formula', `$${'{'.repeat(900)}x${'}'.repeat(900)}$`],
    ['macros without end', '$\\def\\a{\\a\\a}\\a$'],
  ])('of nested %s is read in a moment', (_what, body) => {
    const begun = performance.now();
    read(lesson(body));
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  it('never throws, whatever is written', () => {
    const piece = fc.constantFrom('## A {#a}\n', '```show\n', '```check\n', '```claims\n', '```\n', 'kind: head\n', 'a: { model: layers }\n', '[x](claim:a)', '$x$', '$$', '---\n', 'title: x\n', '- ', '> ', '| a |\n|--|\n', '<b>', '\n\n', 'text ', '{#', '*', '&a ', '*a');
    fc.assert(fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }), (pieces) => void read(front + pieces.join(''))), { numRuns: 300 });
  });
});
