import { describe, expect, it } from 'vitest';
import { partnersByStep, partnerStep } from '../../../src/editor/partnerStep.ts';
import { folderName, isAbsolutePath } from '../../../src/models/modelNames.ts';
import { panelTitle } from '../../../src/panel/panelTitle.ts';

describe('the name of a model folder', () => {
  it.each([
    ['/models/gpt2', [], 'gpt2'],
    ['/models/gpt2/', ['gpt2'], 'models/gpt2'],
    ['C:\\models\\gpt2', ['gpt2'], 'models/gpt2'],
    ['/gpt2', ['gpt2'], 'gpt2 (2)'],
    ['/gpt2', ['gpt2', 'gpt2 (2)'], 'gpt2 (3)'],
    ['https://host/m/gpt2/', ['gpt2', 'm/gpt2'], 'host/m/gpt2'],
  ])('of %j beside %j is %j', (folder, taken, name) => {
    expect(folderName(folder, taken)).toBe(name);
  });

  it.each([
    ['storyteller', false],
    ['models/gpt2', false],
    ['/models/gpt2', true],
    ['C:\\models\\gpt2', true],
    ['\\\\server\\models', true],
  ])('a setting of %j is a folder: %j', (value, isFolder) => {
    expect(isAbsolutePath(value)).toBe(isFolder);
  });
});

describe('the title of a panel', () => {
  it.each([
    [null, 'Attention'],
    ['  \n ', 'Attention'],
    ['The  old\r\n\tking', 'Attention: The old king'],
    ['The king of the north was never seen again', 'Attention: The king of the north wa…'],
    ['👨‍👩‍👧‍👦'.repeat(30), `Attention: ${'👨‍👩‍👧‍👦'.repeat(24)}…`],
  ])('of %j is %j', (text, title) => {
    expect(panelTitle(text)).toBe(title);
  });
});

describe('the shade of a partner', () => {
  it.each([
    [1, 1, 3],
    [0.76, 1, 3],
    [0.75, 1, 2],
    [0.1, 1, 0],
    [0.02, 0.02, 3],
    [0, 0, 0],
  ])('of weight %d, strongest %d, is %i', (weight, strongest, step) => {
    expect(partnerStep(weight, strongest)).toBe(step);
  });

  it('is not given to the token itself, nor to one without any weight', () => {
    const partners = [{ token: 1, weight: 0.4 }, { token: 2, weight: 0.1 }, { token: 3, weight: 0 }, { token: 5, weight: 0.5 }];
    expect(partnersByStep({ token: 5, pinned: false, partners })).toEqual([[2], [], [], [1]]);
  });
});
