/**
 * Reading environment variables one by one, so that no more permissions are asked for than needed.
 *
 * @module
 */

/** Reads variables from `env`, else from the process. */
export function readEnvironment(
  env: Readonly<Record<string, string>> | undefined,
): (name: string) => string | undefined {
  if (env === undefined) return (name) => Deno.env.get(name);
  return (name) => Object.hasOwn(env, name) ? env[name] : undefined;
}

/** An object whose members are the variables that `read` finds, each read when it is asked for. */
export function environmentRecord(
  read: (name: string) => string | undefined,
): Readonly<Record<string, string | undefined>> {
  return new Proxy<Record<string, string | undefined>>(Object.create(null), {
    get: (_, name) => typeof name === "string" ? read(name) : undefined,
    has: (_, name) => typeof name === "string" && read(name) !== undefined,
    getOwnPropertyDescriptor(_, name) {
      const value = typeof name === "string" ? read(name) : undefined;
      return value === undefined
        ? undefined
        : { value, enumerable: true, configurable: true, writable: false };
    },
  });
}
