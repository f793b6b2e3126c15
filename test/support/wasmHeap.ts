/** How large the heaps of all WebAssembly modules are that are made from now on: their memories only grow. */
export function watchHeaps(): { readonly bytes: () => number } {
  const memories: WebAssembly.Memory[] = [];
  const Memory = WebAssembly.Memory;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      memories.push(this);
    }
  };
  return { bytes: () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) };
}
