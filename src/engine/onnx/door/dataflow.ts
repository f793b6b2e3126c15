/** Who makes and who uses each value of a graph, and which tokens its numbers depend on. */
import type { GraphFile } from './graphFile.ts';
import type { ReadNode } from './node.ts';
import type { Role } from './roles.ts';

/** What a value's numbers depend on; none of them: a constant. */
export interface Dependence {
  readonly text: boolean;
  readonly output: boolean;
  /** On how many tokens there are, as masks of ones and positions do. */
  readonly length: boolean;
}

const CONSTANT: Dependence = { text: false, output: false, length: false };
const LENGTH: Dependence = { ...CONSTANT, length: true };

/** Operators whose result does not depend on the numbers they are given, only on how many. */
const SHAPE_ONLY: ReadonlySet<string> = new Set(['Shape', 'Size']);

export class Dataflow {
  readonly makers = new Map<string, ReadNode>();
  readonly users = new Map<string, ReadNode[]>();
  private readonly dependences = new Map<string, Dependence>();

  constructor({ nodes, inputs }: GraphFile, roles: ReadonlyMap<string, Role>) {
    for (const { name } of inputs) this.dependences.set(name, ofRole(roles.get(name)));
    for (const node of nodes) {
      const inputs = [...node.inputs, ...node.captured].filter((value) => value !== '');
      for (const value of new Set(inputs)) this.use(value, node);
      const all = inputs.map((value) => this.dependence(value));
      const any = { text: all.some(({ text }) => text), output: all.some(({ output }) => output), length: all.some(({ length }) => length) };
      const varies = any.text || any.output || any.length;
      const own = SHAPE_ONLY.has(node.op) && varies ? LENGTH : any;
      for (const output of node.outputs) {
        this.makers.set(output, node);
        this.dependences.set(output, own);
      }
    }
  }

  private use(value: string, node: ReadNode): void {
    const known = this.users.get(value);
    if (known) known.push(node);
    else this.users.set(value, [node]);
  }

  dependence(value: string): Dependence {
    return this.dependences.get(value) ?? CONSTANT;
  }

  /** Whether its numbers depend on what the tokens are. */
  isData(value: string): boolean {
    const { text, output } = this.dependence(value);
    return text || output;
  }

  isConstant(value: string): boolean {
    return !this.isData(value) && !this.dependence(value).length;
  }
}

function ofRole(role: Role | undefined): Dependence {
  if (role?.is === 'tokens') return { ...LENGTH, [role.of]: true };
  return role?.is === 'encoded' ? { ...LENGTH, text: true } : LENGTH;
}
