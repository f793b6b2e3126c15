import { printJson, table } from './print.ts';
import { embeddedModels, startEngine, valueOf } from './session.ts';

/** The embedded models with their sizes, each read from its own files. */
export async function models({ json }: { readonly json?: boolean }): Promise<void> {
  const engine = startEngine(1);
  try {
    const infos = [];
    for (const source of embeddedModels()) infos.push(valueOf(await engine.load(source)));
    if (json) return printJson(infos);
    const rows = infos.map((info) => [
      info.name,
      info.kind,
      info.type,
      `${String(info.layers)} × ${String(info.heads)} × ${String(info.width)}`,
      String(info.vocabulary),
      String(info.positions),
      `${(info.parameters / 1e6).toFixed(1)} M`,
      info.weights,
    ]);
    table([['name', 'kind', 'type', 'layers × heads × width', 'vocabulary', 'positions', 'parameters', 'weights'], ...rows], [4, 5, 6]);
  } finally {
    await engine.dispose();
  }
}
