// A stand-in for `node()` of the package's own entry point.
// deno-lint-ignore no-explicit-any
export function node<F extends (...args: any[]) => unknown>(_spec: unknown, fn: F): F {
  return fn;
}
