/** Remembers the last result of a pure function, for as long as its arguments are the very same. */
export function latest<A extends readonly unknown[], R>(compute: (...args: A) => R): (...args: A) => R {
  let last: { readonly args: A; readonly result: R } | null = null;
  return (...args) => {
    if (last && last.args.every((arg, at) => Object.is(arg, args[at]))) return last.result;
    const result = compute(...args);
    last = { args, result };
    return result;
  };
}
