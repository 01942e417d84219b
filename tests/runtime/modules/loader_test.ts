import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { InvalidArgumentError } from "../../../sim/error.ts";
import { ModuleImportError } from "../../../runtime/modules/error.ts";
import { ModuleLoader, type ModuleLoaderOptions } from "../../../runtime/modules/loader.ts";

interface Project {
  root: string;
  loader(options?: Partial<ModuleLoaderOptions>): ModuleLoader;
}

/** Runs a test in a project with these files, beside a folder `outside`. */
async function inProject(files: Record<string, string>, test: (project: Project) => Promise<void>) {
  const base = await Deno.makeTempDir({ prefix: "netrun modules " });
  const root = `${base}/project`;
  try {
    await Deno.mkdir(root);
    for (const [name, text] of Object.entries(files)) {
      const path = `${root}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(path, text);
    }
    await test({ root, loader: (options) => new ModuleLoader({ projectRoot: root, ...options }) });
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

async function refusal(loading: Promise<unknown>): Promise<ModuleImportError> {
  return await assertRejects(() => loading, ModuleImportError);
}

Deno.test("functions are loaded from the project, wherever the program was started", () =>
  inProject({
    "nodes.ts": "export const double = (x: number): number => 2 * x; export default () => 7;",
    "pkg/nodes/mod.ts": "export const triple = (x: number): number => 3 * x;",
  }, async ({ loader }) => {
    const functions = loader();
    assertEquals((await functions.loadFunction("./nodes.ts::double"))(21), 42);
    assertEquals((await functions.loadFunction("nodes.double"))(21), 42);
    assertEquals((await functions.loadFunction("./nodes.py::double"))(21), 42);
    assertEquals((await functions.loadFunction("./nodes.ts::default"))(), 7);
    assertEquals((await functions.loadFunction("pkg.nodes.triple"))(1), 3);
    assertEquals((await functions.loadFunction("node:path::basename"))("/a/b"), "b");
  }));

Deno.test("a module is loaded whole, or one export of it", () =>
  inProject(
    { "fac.ts": "export const made = { a: 1 }; export const b = 2;" },
    async ({ loader }) => {
      const modules = loader();
      assertEquals({ ...await modules.loadModule("./fac.ts") as object }, { made: { a: 1 }, b: 2 });
      assertEquals(await modules.loadModule("./fac.ts::made"), { a: 1 });
      assert(await modules.loadModule("./fac.ts") === await modules.loadModule("fac"));
    },
  ));

Deno.test("a missing file says the nearest name beside it", () =>
  inProject({ "nodes.ts": "" }, async ({ loader, root }) => {
    const error = await refusal(loader().loadModule("./node.ts"));
    assertEquals(error.specifier, "./node.ts");
    assertStringIncludes(error.message, "there is no file");
    assertStringIncludes(error.message, "did you mean nodes.ts?");
    assertEquals(error.resolvedUrl, new URL(`file://${root}/node.ts`).href);
  }));

Deno.test("a missing export says what there is, and the nearest name", () =>
  inProject(
    { "nodes.ts": "export function double() {} export const b = 1;" },
    async ({ loader }) => {
      const functions = loader();
      const loaded = await refusal(functions.loadFunction("./nodes.ts::duoble"));
      assertEquals(loaded.exports, ["b", "double"]);
      assertStringIncludes(loaded.message, "did you mean `double`?");
      const read = await refusal(functions.readSignature("./nodes.ts::duoble"));
      assertEquals(read.exports, ["double", "b"]);
      assertStringIncludes(read.message, "did you mean `double`?");
    },
  ));

Deno.test("an export that every object has is none of the module's", () =>
  inProject({ "nodes.ts": "export const a = 1;" }, async ({ loader }) => {
    await refusal(loader().loadModule("./nodes.ts::toString"));
  }));

Deno.test("what is no function is refused by what it is", () =>
  inProject({ "nodes.ts": "export const list = [1];" }, async ({ loader }) => {
    const error = await refusal(loader().loadFunction("./nodes.ts::list"));
    assertStringIncludes(error.message, "is no function but an array");
  }));

Deno.test("a module that throws while loading is the cause of the error", () =>
  inProject({ "nodes.ts": "throw new RangeError('broken inside');" }, async ({ loader }) => {
    const error = await refusal(loader().loadModule("./nodes.ts"));
    assert(error.cause instanceof RangeError);
    assertStringIncludes(error.message, "RangeError: broken inside");
  }));

Deno.test("a module with a syntax error, or a missing import, says so", () =>
  inProject(
    { "bad.ts": "export const = 1;", "lost.ts": "import './gone.ts';" },
    async ({ loader }) => {
      assert((await refusal(loader().loadModule("./bad.ts"))).cause !== undefined);
      assertStringIncludes((await refusal(loader().loadModule("./lost.ts"))).message, "gone.ts");
    },
  ));

Deno.test("nothing runs of a module that may not be loaded", () =>
  inProject({ "nodes.ts": "" }, async ({ loader, root }) => {
    const mark = "netrunModuleRan";
    const outside = `${root}/../outside.ts`;
    await Deno.writeTextFile(outside, `globalThis.${mark} = true; export const f = () => 1;`);
    await Deno.symlink(outside, `${root}/link.ts`);
    for (const ref of ["../outside.ts::f", "./link.ts::f", `data:text/javascript,${mark}=1::f`]) {
      await refusal(loader().loadFunction(ref));
      await refusal(loader().readSignature(ref));
    }
    assertEquals(Reflect.get(globalThis, mark), undefined);
    const allowed = loader({ allowModules: [".."] });
    assertEquals((await allowed.loadFunction("./link.ts::f"))(), 1);
    Reflect.deleteProperty(globalThis, mark);
  }));

Deno.test("an allowed URL is loaded", async () => {
  const loader = new ModuleLoader({ projectRoot: "/", allowModules: ["data:"] });
  const five = await loader.loadFunction("data:text/javascript,export const f = () => 5::f");
  assertEquals(five(), 5);
});

Deno.test("bare names go through the imports of the project's deno.json", () =>
  inProject({
    "deno.jsonc": '{ // comment\n "imports": { "@acme/geo": "./vendor/geo.ts", /* "x": */ }, }',
    "vendor/geo.ts": "export const geocode = (a: string): string => a;",
    "again.ts": 'export { geocode as again } from "@acme/geo";',
  }, async ({ loader }) => {
    const modules = loader();
    assertEquals((await modules.loadFunction("@acme/geo::geocode"))("x"), "x");
    const signature = await modules.readSignature("./again.ts::again");
    assertEquals(signature.kind, "function");
  }));

Deno.test("a broken deno.json stops only names that it might hold", () =>
  inProject({ "deno.json": "{", "nodes.ts": "export const f = () => 1;" }, async ({ loader }) => {
    assertEquals((await loader().loadFunction("./nodes.ts::f"))(), 1);
    const error = await refusal(loader().loadFunction("nodes::f"));
    assertStringIncludes(error.message, "deno.json is not valid JSON");
  }));

Deno.test("a signature is read without running the module", () =>
  inProject({ "nodes.ts": "throw 1; export function f(a: number) {}" }, async ({ loader }) => {
    const signature = await loader().readSignature("./nodes.ts::f");
    assert(signature.kind === "function");
    assertEquals(signature.inputs.map(({ name }) => name), ["a"]);
  }));

Deno.test("the signature of what is no local file falls back", async () => {
  const loader = new ModuleLoader({ projectRoot: "/" });
  assertEquals((await loader.readSignature("node:path::basename")).kind, "fallback");
});

Deno.test("a file that appears later can be loaded then", () =>
  inProject({}, async ({ loader, root }) => {
    const modules = loader();
    await refusal(modules.loadModule("./late.ts"));
    await Deno.writeTextFile(`${root}/late.ts`, "export const a = 1;");
    assertEquals(await modules.loadModule("./late.ts::a"), 1);
  }));

Deno.test("loaders share no state", () =>
  inProject({ "nodes.ts": "export const f = () => 1;" }, async ({ loader }) => {
    await loader().loadModule("./nodes.ts");
    const other = new ModuleLoader({ projectRoot: "/nowhere" });
    await refusal(other.loadModule("./nodes.ts"));
  }));

Deno.test("a project root that is not absolute is refused", () => {
  assertThrows(
    () => new ModuleLoader({ projectRoot: "project" }),
    InvalidArgumentError,
    '"project"',
  );
});

Deno.test("a built-in factory has no module", async () => {
  const loader = new ModuleLoader({ projectRoot: "/" });
  assertEquals(loader.resolve("netrun:join", "module").builtIn, "join");
  assertStringIncludes((await refusal(loader.loadModule("netrun:join"))).message, "is built in");
});
