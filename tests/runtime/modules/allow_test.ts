import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type AllowOptions, checkAllowed } from "../../../runtime/modules/allow.ts";
import { ModuleImportError } from "../../../runtime/modules/error.ts";

function check(url: string, options: Partial<AllowOptions> = {}): void {
  checkAllowed({ specifier: "REF", url }, {
    projectRoot: "/work/project",
    realUrl: (url) => url,
    ...options,
  });
}

function refusal(url: string, options: Partial<AllowOptions> = {}): string {
  const error = assertThrows(() => check(url, options), ModuleImportError);
  assertEquals([error.specifier, error.resolvedUrl], ["REF", url]);
  return error.message;
}

Deno.test("modules of the project and packages may be loaded", () => {
  check("file:///work/project/nodes.ts");
  check("file:///work/project/lib/deep/nodes.ts");
  for (const url of ["jsr:@x/y", "npm:z@1", "node:path", "netrun:join"]) check(url);
});

Deno.test("a file outside the project may not, nor one in a folder that only starts like it", () => {
  assertStringIncludes(refusal("file:///work/other/nodes.ts"), "outside the project root");
  refusal("file:///work/project-evil/nodes.ts");
  refusal("file:///work/projectnodes.ts");
});

Deno.test("the file that a link leads to decides", () => {
  const realUrl = (url: string) => url.replace("/work/project/link", "/etc");
  assertStringIncludes(
    refusal("file:///work/project/link/nodes.ts", { realUrl }),
    "which is a link to file:///etc/nodes.ts",
  );
  check("file:///work/project/nodes.ts", {
    realUrl: (url) => url.replace("/work/project", "/real/place"),
  });
});

Deno.test("URLs may be loaded only if allowed", () => {
  const message = refusal("https://x.example/lib/m.ts");
  assertStringIncludes(message, "--allow-module https://x.example/lib/");
  assertStringIncludes(refusal("data:text/javascript,1"), 'add "data:" to `allowModules`');
  refusal("http://x.example/m.ts");
  refusal("blob:null/1");
});

Deno.test("a prefix covers what goes on with a new part", () => {
  const allowModules = ["https://x.example", "https://y.example/lib", "/opt/nodes", "../shared"];
  check("https://x.example/m.ts", { allowModules });
  check("https://y.example/lib/m.ts", { allowModules });
  check("https://y.example/lib?v=1", { allowModules });
  check("file:///opt/nodes/a.ts", { allowModules });
  check("file:///work/shared/a.ts", { allowModules });
  refusal("https://x.example.evil/m.ts", { allowModules });
  refusal("https://x.example@evil.example/m.ts", { allowModules });
  refusal("https://y.example/library/m.ts", { allowModules });
  refusal("file:///opt/nodes-evil/a.ts", { allowModules });
});

Deno.test("a scheme as prefix covers all of it, an empty one nothing", () => {
  check("https://any.example/m.ts", { allowModules: ["https:"] });
  check("data:text/javascript,1", { allowModules: ["data:"] });
  refusal("https://any.example/m.ts", { allowModules: [""] });
  refusal("http://any.example/m.ts", { allowModules: ["https:"] });
});

Deno.test("an allowed folder counts by where it really is", () => {
  const realUrl = (url: string) => url.replace("/opt/nodes", "/real/nodes");
  check("file:///opt/nodes/a.ts", { realUrl, allowModules: ["/opt/nodes"] });
});
