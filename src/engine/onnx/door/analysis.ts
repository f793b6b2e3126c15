/** One exported graph, understood: what it is fed with, where it attends, where its logits are. */
import type { ModelFiles } from '../../files.ts';
import { ProblemError } from '../../problemError.ts';
import { attentionAt, type FoundAttention } from './attentions.ts';
import { takeBranch } from './branches.ts';
import { findHead, type Head } from './cuts.ts';
import { naming } from './damaged.ts';
import { Dataflow } from './dataflow.ts';
import { fusedAt } from './fused.ts';
import { readGraphFile, type GraphFile } from './graphFile.ts';
import { rolesOf, type Half, type Role } from './roles.ts';
import { tablesOf, type Tables } from './tables.ts';

export interface Analysis {
  readonly graph: GraphFile;
  readonly roles: ReadonlyMap<string, Role>;
  readonly flow: Dataflow;
  /** Whether it reads a text and an output. */
  readonly two: boolean;
  /** In the order of the graph, which is that of the layers. */
  readonly attentions: readonly FoundAttention[];
  readonly tables: Tables;
  readonly head: Head | null;
}

/** @throws ProblemError `onnx.…` */
export async function analyse(files: ModelFiles, file: string, half: Half): Promise<Analysis> {
  const graph = await naming(file, async () => takeBranch(await readGraphFile(files, file)));
  const roles = rolesOf(graph, half);
  const flow = new Dataflow(graph, roles);
  const two = [...roles.values()].some((role) => role.is === 'tokens' && role.of === 'output');
  const attentions = graph.nodes.flatMap((node) => attentionAt(node, flow, two) ?? fusedAt(node, graph, flow, two) ?? []);
  if (!attentions.length) throw new ProblemError('onnx.noAttention', { file });
  const tables = tablesOf(graph, flow);
  return { graph, roles, flow, two, attentions, tables, head: findHead(graph, flow, tables.vocabulary) };
}
