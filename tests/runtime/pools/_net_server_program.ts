/** A server of a net's nodes in a process of its own: `_net_server_program.ts FILE PORT`. */
import { Net } from "@netrun/netrun";

const [file, port] = Deno.args as [string, string];
const server = await Net.servePool(file, { port: Number(port), permissions: { write: true } });
console.log(server.port);
