/**
 * A server of pools in a process of its own: `_server_program.ts ROOT PORT [AHEAD_MS]`, whose clock is
 * so far ahead. It serves the functions of `ROOT/fns.ts`, prints its port, and goes on until it is
 * ended.
 */
import { createExecutionManagerServer } from "../../../runtime/pools/mod.ts";

const [root, port, ahead = "0"] = Deno.args as [string, string, string?];
const { now } = Date;
Date.now = () => now() + Number(ahead);

const server = createExecutionManagerServer({
  projectRoot: root,
  functions: "modules",
  modules: ["./"],
  permissions: { read: true, write: true },
});
await server.serveBackground({ port: Number(port) });
console.log(server.port);
