/** What a probe asks for that its model does not have: told before anything is run. */
import type { ModelInfo, Probe, Problem } from '../protocol.ts';

/** Problem `probe.misfit`; null where the model has all of it. Tokens are checked by the engine, which knows how many there are. */
export function misfitOf({ view, aim }: Probe, info: ModelInfo): Problem | null {
  const attention = info.attentions.find(({ part }) => part === view.part) ?? info.attentions.at(-1);
  const layers = attention?.layers ?? info.layers;
  const beyond = (place: string, found: number | undefined, count: number): Problem | null =>
    found === undefined || found < count ? null : { code: 'probe.misfit', facts: { place, found: String(found), last: String(count - 1), name: info.name } };
  return (
    beyond('view.layer', view.layer, layers) ??
    (attention ? beyond('view.heads', view.heads?.length ? Math.max(...view.heads) : undefined, attention.heads) : null) ??
    beyond('aim.target.id', aim?.target?.id, info.vocabulary) ??
    beyond('aim.rival.id', aim?.rival?.id, info.vocabulary)
  );
}
