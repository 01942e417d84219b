import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ModuleImportError } from "../../../runtime/modules/error.ts";
import {
  BUILT_IN_FACTORIES,
  type ReferenceContext,
  resolveReference,
} from "../../../runtime/modules/reference.ts";

const projectRoot = "/home/ada/my project";
const root = "file:///home/ada/my%20project";

function fn(ref: string, context: Partial<ReferenceContext> = {}): string {
  const { url, exportName } = resolveReference(ref, { kind: "function", projectRoot, ...context });
  return `${url} ${exportName}`;
}

function module(ref: string, context: Partial<ReferenceContext> = {}): string {
  const { url, exportName } = resolveReference(ref, { kind: "module", projectRoot, ...context });
  return exportName === undefined ? url : `${url} ${exportName}`;
}

function refusal(ref: string, context: Partial<ReferenceContext> = {}): string {
  const error = assertThrows(
    () => resolveReference(ref, { kind: "function", projectRoot, ...context }),
    ModuleImportError,
  );
  assertEquals(error.specifier, ref);
  return error.message;
}

Deno.test("built-in factories are known by our names and the original's", () => {
  for (const name of BUILT_IN_FACTORIES) {
    assertEquals(resolveReference(`netrun:${name}`, { kind: "module", projectRoot }), {
      specifier: `netrun:${name}`,
      url: `netrun:${name}`,
      builtIn: name,
    });
  }
  const original = (name: string) =>
    resolveReference(`netrun.node_factories.${name}`, { kind: "module", projectRoot }).builtIn;
  assertEquals(["function", "from_function", "broadcast", "join"].map(original), [
    "function",
    "function",
    "broadcast",
    "join",
  ]);
});

Deno.test("an unknown built-in name says the nearest one", () => {
  const message = refusal("netrun:brodcast", { kind: "module" });
  assertStringIncludes(message, "did you mean `netrun:broadcast`?");
  assertStringIncludes(message, "netrun:command");
});

Deno.test("a factory is no function", () => {
  assertStringIncludes(refusal("netrun:join"), "names a factory where a function is needed");
});

Deno.test("files are relative to the project root", () => {
  assertEquals(fn("./nodes.ts::double"), `${root}/nodes.ts double`);
  assertEquals(fn("lib/nodes.ts::double"), `${root}/lib/nodes.ts double`);
  assertEquals(fn("nodes.ts::double"), `${root}/nodes.ts double`);
  assertEquals(fn("../lib/./nodes.ts::default"), "file:///home/ada/lib/nodes.ts default");
  assertEquals(fn("lib\\nodes.ts::double"), `${root}/lib/nodes.ts double`);
  assertEquals(module("./fac.ts"), `${root}/fac.ts`);
  assertEquals(module("./fac.ts::make"), `${root}/fac.ts make`);
});

Deno.test("absolute paths and file URLs stay", () => {
  assertEquals(fn("/opt/nodes.ts::double"), "file:///opt/nodes.ts double");
  assertEquals(fn("file:///opt/a/../nodes.ts::double"), "file:///opt/nodes.ts double");
  assertEquals(module("/opt/fac.ts"), "file:///opt/fac.ts");
});

Deno.test("the drive of a Windows path is no scheme", () => {
  assertEquals(fn("C:\\nodes\\n.ts::double"), "file:///C:/nodes/n.ts double");
  assertEquals(fn("c:/nodes/n.ts::double"), "file:///c:/nodes/n.ts double");
  assertEquals(fn("./n.ts::f", { projectRoot: "D:\\work" }), "file:///D:/work/n.ts f");
});

Deno.test("a project root may be given as a URL, with or without a slash", () => {
  for (const projectRoot of ["file:///a%20b", "file:///a%20b/", "/a b", "/a b/"]) {
    assertEquals(fn("./n.ts::f", { projectRoot }), "file:///a%20b/n.ts f");
  }
});

Deno.test("what a URL would understand is escaped in paths", () => {
  assertEquals(fn("./a#b?c%20d.ts::f"), `${root}/a%23b%3Fc%2520d.ts f`);
});

Deno.test("packages and URLs are split at the last ::", () => {
  assertEquals(fn("jsr:@x/y@1::name"), "jsr:@x/y@1 name");
  assertEquals(fn("npm:z@^1.2::name"), "npm:z@^1.2 name");
  assertEquals(fn("node:path::join"), "node:path join");
  assertEquals(fn("https://x.example/m.ts::name"), "https://x.example/m.ts name");
  assertEquals(
    fn("data:text/javascript,export const a='x::y'::a"),
    "data:text/javascript,export const a='x::y' a",
  );
  assertEquals(module("jsr:@x/y@1"), "jsr:@x/y@1");
  assertEquals(module("http://[::1]:8000/m.ts"), "http://[::1]:8000/m.ts");
  assertEquals(fn("http://[::1]:8000/m.ts::f"), "http://[::1]:8000/m.ts f");
});

Deno.test("a dotted name is an export of a file, or for a factory a file", () => {
  const exists = (...files: string[]) => (url: string) =>
    files.includes(url.slice(root.length + 1));
  assertEquals(
    fn("pkg.nodes.double", { exists: exists("pkg/nodes.mjs") }),
    `${root}/pkg/nodes.mjs double`,
  );
  assertEquals(
    fn("nodes.double", { exists: exists("nodes/mod.ts", "nodes.js") }),
    `${root}/nodes.js double`,
  );
  assertEquals(
    fn("nodes.double", { exists: exists("nodes/mod.ts") }),
    `${root}/nodes/mod.ts double`,
  );
  assertEquals(module("pkg.fac", { exists: exists("pkg/fac.ts") }), `${root}/pkg/fac.ts`);
  assertEquals(module("fac", { exists: exists("fac.ts") }), `${root}/fac.ts`);
});

Deno.test("a dotted name without a file lists where it was looked for", () => {
  const message = refusal("pkg.nodes.double", { exists: () => false });
  for (const file of ["nodes.ts", "nodes.mts", "nodes.js", "nodes.mjs", "nodes/mod.ts"]) {
    assertStringIncludes(message, `${root}/pkg/${file}`);
  }
});

Deno.test("a file written without ./ is told to have one", () => {
  const message = refusal("fac.ts", { kind: "module", exists: () => false });
  assertStringIncludes(message, "`./fac.ts`");
});

Deno.test("a Python file is replaced by its sibling", () => {
  const exists = (url: string) => url === `${root}/nodes.js`;
  assertEquals(fn("./nodes.py::double", { exists }), `${root}/nodes.js double`);
  assertEquals(module("file:///x/fac.py"), "file:///x/fac.ts");
});

Deno.test("a Python file without sibling says which file to write", () => {
  assertStringIncludes(
    refusal("./nodes.py::double", { exists: () => false }),
    `in \`${root}/nodes.ts\``,
  );
});

Deno.test("bare names go through the import map before they are files", () => {
  const importMap = {
    url: `${root}/deno.json`,
    imports: { "@acme/geo": "jsr:@acme/geo@^1", "lib/": "./src/lib/", "local": "./local.ts" },
  };
  assertEquals(fn("@acme/geo::geocode", { importMap }), "jsr:@acme/geo@^1 geocode");
  assertEquals(fn("@acme/geo/places::find", { importMap }), "jsr:@acme/geo@^1/places find");
  assertEquals(fn("lib/a.ts::f", { importMap }), `${root}/src/lib/a.ts f`);
  assertEquals(module("local", { importMap }), `${root}/local.ts`);
  assertEquals(fn("./local::f", { importMap }), `${root}/local f`);
  assertEquals(fn("@other/geo::f", { importMap }), `${root}/@other/geo f`);
});

Deno.test("malformed references say what is wrong", () => {
  assertStringIncludes(refusal("./nodes.ts"), "names a module but no function in it");
  assertStringIncludes(refusal("double"), "write `./file.ts::name`");
  assertStringIncludes(refusal(""), "names no module");
  assertStringIncludes(refusal("::double"), "names no module");
  assertStringIncludes(refusal("./nodes.ts::"), "`` after `::` is not the name of an export");
  assertStringIncludes(refusal("./nodes.ts::a b"), "`a b` after `::`");
  assertStringIncludes(refusal("https:// /x::f"), "is not a valid URL");
  assertStringIncludes(refusal("a..b"), "write `./file.ts::name`");
});

Deno.test("every reference gives an absolute URL or a ModuleImportError", () => {
  const pieces = fc.constantFrom(
    ".",
    "/",
    "\\",
    "::",
    ":",
    "a",
    "C:",
    "npm:",
    "%",
    "#",
    "py",
    "ü",
    " ",
  );
  fc.assert(fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
    for (const kind of ["function", "module"] as const) {
      try {
        const { url } = resolveReference(parts.join(""), { kind, projectRoot });
        assert(/^[a-zA-Z][a-zA-Z0-9+.-]+:/.test(url), url);
      } catch (error) {
        assert(error instanceof ModuleImportError, String(error));
      }
    }
  }));
});
