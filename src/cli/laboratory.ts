/** Runs for lessons on the command line, with the embedded models. */
import { EngineLaboratory } from '../lessons/laboratory.ts';
import { embeddedModels, startEngine } from './session.ts';

export interface CommandLaboratory {
  readonly laboratory: EngineLaboratory;
  fingerprint(model: string): Promise<string | null>;
}

/** Ends the engine whatever happens. */
export async function withLaboratory(threads: number, work: (given: CommandLaboratory) => Promise<void>): Promise<void> {
  const models = embeddedModels();
  const find = (name: string): (typeof models)[number] | null => models.find((model) => model.name === name) ?? null;
  const client = startEngine(threads);
  try {
    await work({
      laboratory: new EngineLaboratory(() => client, find, (target) => (target === undefined ? [] : [target]), () => models.map(({ name }) => name)),
      fingerprint: async (name) => {
        const model = find(name);
        const outcome = model && (await client.fingerprint(model));
        return outcome?.ok ? outcome.value : null;
      },
    });
  } finally {
    await client.dispose();
  }
}
