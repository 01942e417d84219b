/**
 * Keeping values that came from the environment out of what is printed.
 *
 * @module
 */

/** Shorter values would blot out half of any text. */
const MIN_LENGTH = 4;

/**
 * A function that replaces the values of the environment variables that a configuration refers to.
 *
 * @param data The configuration as written: `{"$env": NAME}` anywhere in it names a variable.
 * @param env Reads a variable.
 */
export function secretMask(
  data: unknown,
  env: (name: string) => string | undefined,
): (text: string) => string {
  const names = new Set<string>();
  collect(data, names, new Set());
  const secrets = [...names].map(env)
    .filter((value) => value !== undefined && value.length >= MIN_LENGTH) as string[];
  if (secrets.length === 0) return (text) => text;
  secrets.sort((a, b) => b.length - a.length);
  return (text) =>
    secrets.reduce((masked, secret) => {
      // In JSON text the value stands as JSON writes it.
      const written = JSON.stringify(secret).slice(1, -1);
      return masked.replaceAll(secret, "***").replaceAll(written, "***");
    }, text);
}

function collect(value: unknown, names: Set<string>, seen: Set<object>): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  const name = "$env" in value ? value.$env : undefined;
  if (typeof name === "string") names.add(name);
  const members = value instanceof Map ? value.values() : Object.values(value);
  for (const member of members) collect(member, names, seen);
}
