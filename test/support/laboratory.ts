/** A laboratory on the built engine, with the embedded models. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { EngineClient } from '../../src/engine/client.ts';
import { engineWorker } from '../../src/engine/spawn.node.ts';
import { EngineLaboratory } from '../../src/lessons/laboratory.ts';
import { root } from './engine.ts';

export const embedded = ['storyteller', 'reader', 'translator', 'recaller'] as const;

export interface TestLaboratory {
  readonly laboratory: EngineLaboratory;
  readonly client: EngineClient;
  end(): Promise<void>;
}

export function startLaboratory(): TestLaboratory {
  const dist = join(root, 'dist');
  const client = new EngineClient(() => engineWorker(new Worker(join(dist, 'worker.node.mjs'))), { runtime: pathToFileURL(join(dist, 'runtime')).href + '/', threads: 1 });
  const source = (name: string): { name: string; location: string; precision: 'float32' } | null => (embedded.some((known) => known === name) ? { name, location: join(root, 'models', name), precision: 'float32' } : null);
  const laboratory = new EngineLaboratory(() => client, source, (target) => (target === undefined ? [] : [target]), () => embedded);
  return {
    laboratory,
    client,
    end: async () => {
      laboratory.dispose();
      await client.dispose();
    },
  };
}

/** Names of the lessons in a folder of media/lessons, ascending. */
export function lessonNames(locale: string): string[] {
  return readdirSync(join(root, 'media/lessons', locale)).filter((name) => name.endsWith('.md')).map((name) => name.replace(/\.md$/, '')).sort();
}
