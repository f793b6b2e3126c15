/** Activation functions by the names that `transformers` gives them. */
import { ProblemError } from '../problemError.ts';
import type { StageBuilder, Value } from '../onnx/stage.ts';

const ACTIVATIONS: Readonly<Record<string, (g: StageBuilder, x: Value) => Value>> = {
  gelu: (g, x) => g.op('Gelu', [x], { approximate: { text: 'none' } }),
  gelu_new: (g, x) => g.op('Gelu', [x], { approximate: { text: 'tanh' } }),
  gelu_pytorch_tanh: (g, x) => g.op('Gelu', [x], { approximate: { text: 'tanh' } }),
  gelu_fast: (g, x) => g.op('Gelu', [x], { approximate: { text: 'tanh' } }),
  gelu_python: (g, x) => g.op('Gelu', [x], { approximate: { text: 'none' } }),
  quick_gelu: (g, x) => g.op('Mul', [x, g.op('Sigmoid', [g.op('Mul', [x, g.scalar(1.702)])])]),
  relu: (g, x) => g.op('Relu', [x]),
  silu: (g, x) => g.op('Mul', [x, g.op('Sigmoid', [x])]),
  swish: (g, x) => g.op('Mul', [x, g.op('Sigmoid', [x])]),
  sigmoid: (g, x) => g.op('Sigmoid', [x]),
  tanh: (g, x) => g.op('Tanh', [x]),
};

/** @throws ProblemError `model.badConfig` for a function we do not know */
export function activation(g: StageBuilder, x: Value, name: string): Value {
  const apply = Object.hasOwn(ACTIVATIONS, name) ? ACTIVATIONS[name] : undefined;
  if (!apply) throw new ProblemError('model.badConfig', { detail: `activation function "${name}" is not one of ${Object.keys(ACTIVATIONS).join(', ')}` });
  return apply(g, x);
}
