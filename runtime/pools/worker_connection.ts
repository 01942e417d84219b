/**
 * How the parts of a subprocess reach the process that has started it.
 *
 * @module
 */

/** Length of the secret that every connection opens with. */
export const secretSize = 32;
/** What follows the secret: number of the worker, and direction. */
export const helloSize = secretSize + 5;
/** In place of a worker's number: the subprocess itself. */
export const hostId = 0xffff_ffff;

/** Directions of a connection, as seen by the worker. */
export const UP = 1;
/** Towards the worker. */
export const DOWN = 0;

/** Opens one connection. */
async function open(
  { port, secret }: { port: number; secret: Uint8Array },
  id: number,
  direction: number,
): Promise<Deno.Conn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  connection.setNoDelay(true);
  const hello = new Uint8Array(helloSize);
  hello.set(secret);
  new DataView(hello.buffer).setUint32(secretSize, id);
  hello[helloSize - 1] = direction;
  await connection.write(hello);
  return connection;
}

/** Opens both connections of a worker, or of the subprocess itself. */
export async function connectToParent(
  id: number,
  to: { port: number; secret: Uint8Array },
): Promise<{ input: Deno.Conn; output: Deno.Conn }> {
  const [output, input] = await Promise.all([open(to, id, UP), open(to, id, DOWN)]);
  return { input, output };
}
