import type { FloatTensor } from './tensor.ts';

/** Tensors that can be computed again, held up to a number of bytes; the one used longest ago goes first. */
export class TensorCache {
  private readonly held = new Map<string, FloatTensor>();
  private total = 0;

  constructor(private readonly budget: number) {}

  get bytes(): number {
    return this.total;
  }

  get(owner: number, name: string): FloatTensor | undefined {
    const key = keyOf(owner, name);
    const tensor = this.held.get(key);
    if (tensor) {
      this.held.delete(key);
      this.held.set(key, tensor);
    }
    return tensor;
  }

  set(owner: number, name: string, tensor: FloatTensor): void {
    const key = keyOf(owner, name);
    this.remove(key);
    this.held.set(key, tensor);
    this.total += tensor.data.byteLength;
    for (const oldest of this.held.keys()) {
      if (this.total <= this.budget || oldest === key) break;
      this.remove(oldest);
    }
  }

  drop(owner: number): void {
    for (const key of [...this.held.keys()]) if (key.startsWith(`${String(owner)}/`)) this.remove(key);
  }

  private remove(key: string): void {
    const tensor = this.held.get(key);
    if (!tensor) return;
    this.held.delete(key);
    this.total -= tensor.data.byteLength;
  }
}

const keyOf = (owner: number, name: string): string => `${String(owner)}/${name}`;
