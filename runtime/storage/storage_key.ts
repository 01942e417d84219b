/**
 * Keys under which backends store: paths that mean the same everywhere and lead nowhere else.
 *
 * @module
 */
import { InvalidStorageKeyError } from "./error.ts";

const maxKeyBytes = 1024;
const encoder = new TextEncoder();

/**
 * Checks a key before anything is done with it.
 *
 * @throws {InvalidStorageKeyError} If a part is empty, `.` or `..`, or it has a backslash or a control
 * character, or more than 1,024 bytes.
 */
export function checkStorageKey(key: string): void {
  const refuse = (why: string): never => {
    throw new InvalidStorageKeyError(key, why);
  };
  if (key === "") refuse("it is empty");
  if (!key.isWellFormed()) refuse("it is no valid Unicode text");
  // deno-lint-ignore no-control-regex
  if (/[\\\u0000-\u001f\u007f]/.test(key)) refuse("it has a backslash or a control character");
  for (const part of key.split("/")) {
    if (part === "") refuse("a part between slashes is empty");
    if (part === "." || part === "..") refuse(`"${part}" is no name of a part`);
  }
  if (encoder.encode(key).length > maxKeyBytes) refuse(`it has more than ${maxKeyBytes} bytes`);
}

/**
 * A name of a node, salvo condition or port as one part of a key.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["load.rows", "../x", ".hidden"].map(keyPart), ["load.rows", "%2E.%2Fx", "%2Ehidden"]);
 * ```
 */
export function keyPart(name: string): string {
  const encoded = name.toWellFormed().replace(
    /[^A-Za-z0-9._-]/gu,
    (character) => [...encoder.encode(character)].map((byte) => `%${hex(byte)}`).join(""),
  );
  return encoded.replace(/^\./, "%2E");
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}
