import { commands } from '../../../../src/manifest.ts';
import type { TestApi } from '../../../../src/testApi.ts';
import { closeAll, ended, headlight, open, showAttention } from '../headlight.ts';

const sentence = 'Once upon a time there was a little girl.';

/** The browser has no `node:assert`. */
function equal(actual: unknown, expected: unknown): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) throw new Error(`expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`);
}

describe('Show Attention in a browser', () => {
  let api: TestApi;
  before(async () => {
    api = await headlight();
  });
  afterEach(() => closeAll(api));

  it('starts no engine before the first command', () => {
    equal(api.engineRuns(), false);
    equal(Object.values(commands).length > 0, true);
  });

  it('opens a panel on the selection and runs the model over it, in one thread', async () => {
    await open(sentence);
    await showAttention();
    const { run, subject } = await ended(api);
    equal(run.problem, null);
    equal(run.state, 'finished');
    equal(subject?.text, sentence);
    equal(run.info?.model.threads, 1);
    equal(run.layers, run.info?.model.layers);
    equal(run.info?.tokens.map(({ start, end }) => sentence.slice(start, end)).join(''), sentence);
    const links = await api.links(0);
    equal(links.ok && links.value.weight.length > 0, true);
  });

  it('runs again after the worker has died', async () => {
    await open(sentence);
    await showAttention();
    await ended(api);
    await api.killEngine();
    await closeAll(api);
    await open('And it goes on.');
    await showAttention();
    equal((await ended(api)).run.state, 'finished');
  });
});
