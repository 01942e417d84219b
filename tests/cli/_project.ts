/** Folders with files, for the time of a test. */
import { dirname, join } from "node:path";

/** A temporary folder that removes itself. */
export interface Project extends AsyncDisposable {
  readonly path: string;
  read(name: string): Promise<string>;
  write(name: string, text: string): Promise<void>;
}

/** Writes files into a new folder. */
export async function project(files: Readonly<Record<string, unknown>>): Promise<Project> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "netrun-test-" }));
  const write = async (name: string, text: string) => {
    await Deno.mkdir(dirname(join(path, name)), { recursive: true });
    await Deno.writeTextFile(join(path, name), text);
  };
  for (const [name, content] of Object.entries(files)) {
    await write(name, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  }
  return {
    path,
    write,
    read: (name) => Deno.readTextFile(join(path, name)),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** A node that runs a function of `nodes.ts`. */
export function functionNode(name: string, func: string = name): Record<string, unknown> {
  return { name, factory: "netrun:function", factory_args: { func: `./nodes.ts::${func}` } };
}

/** An edge, `a.out` → `b.in`. */
export function edge(source: string, target: string): Record<string, unknown> {
  const [source_node, source_port] = source.split(".");
  const [target_node, target_port] = target.split(".");
  return { source_node, source_port, target_node, target_port };
}
