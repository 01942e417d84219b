/**
 * Whether Workers can be kept from what this process may do.
 *
 * @module
 */

/**
 * Whether Workers of this process can be given permissions of their own.
 *
 * Deno ends the process when they are asked for without the flag that allows it, so whoever set the
 * flag says so by the variable. Programs compiled with the package have it.
 */
export function canRestrictWorkers(): boolean {
  if (Deno.build.standalone) return true;
  const name = "NETRUN_WORKER_OPTIONS";
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" && Deno.env.get(name) === "1";
}
