import { join } from "node:path";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { findBrowser } from "../../cli/ui/app_window.ts";
import { callMain, callProgram } from "./_program.ts";
import { edge, functionNode, project } from "./_project.ts";

const NET = { graph: { nodes: [{ name: "a", out_ports: { out: {} } }], edges: [] } };

Deno.test({
  name: "a window of its own has a profile and a size, and the studio ends when it is closed",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using folder = await project({
      "net.netrun.json": NET,
      // What an installed browser would be: it shows the page, and ends when it is closed.
      "browser": '#!/bin/sh\nprintf "%s\\n" "$@" > "$(dirname "$0")/called"\n',
    });
    const browser = join(folder.path, "browser");
    await Deno.chmod(browser, 0o755);
    const { code, stdout } = await callProgram(
      ["ui", "net.netrun.json", "--app", "-p", "0", "--width", "900", "--height", "650"],
      { cwd: folder.path, env: { CHROMIUM_PATH: browser } },
    );
    assertEquals(code, 0);
    const args = (await folder.read("called")).trim().split("\n");
    assert(args.includes(`--app=${stdout.trim()}`), `${args}`);
    assert(args.includes("--window-size=900,650"), `${args}`);
    const profile = args.find((arg) => arg.startsWith("--user-data-dir="))!.split("=")[1]!;
    assertEquals(await Deno.stat(profile).then(() => true, () => false), false);
  },
});

Deno.test("a browser is looked for in the folders of PATH, one that is named first", async () => {
  await using folder = await project({ "bin/chromium": "", "other/mine": "" });
  const bin = join(folder.path, "bin");
  const found = (env: Record<string, string>) => findBrowser((name) => env[name]);
  if (Deno.build.os === "linux") {
    assertEquals(await found({ PATH: `/nowhere:${bin}` }), join(bin, "chromium"));
    assertEquals(await found({ PATH: "/nowhere" }), undefined);
  }
  const mine = join(folder.path, "other", "mine");
  assertEquals(await found({ PATH: bin, CHROMIUM_PATH: mine }), mine);
});

Deno.test("a window that is too small, and a port that is none, are refused before anything opens", async () => {
  await using folder = await project({ "net.netrun.json": NET });
  for (const [option, value] of [["--width", "500"], ["--height", "599"], ["--port", "x"]]) {
    const { code, stderr } = await callMain(["ui", "--no-open", option!, value!], {
      cwd: folder.path,
    });
    assertEquals([option, code], [option, 2]);
    assertStringIncludes(stderr, option!);
  }
});

Deno.test("a net in TOML becomes a page beside it, with the ports of its functions and no settings", async () => {
  await using folder = await project({
    "report.netrun.toml": `
[node_vars]
key = { value = "s3cret" }

[[graph.nodes]]
name = "double"
factory = "netrun:function"
factory_args = { func = "./nodes.ts::double" }
execution_config = { retries = 7 }
`,
    "nodes.ts": "export const double = (amount: number): number => 2 * amount;",
  });
  const { code, stderr } = await callMain(
    ["ui", "export-html", "report.netrun.toml", "--simulate", "--minimap", "--theme", "light"],
    { cwd: folder.path },
  );
  assertEquals(code, 0, stderr);
  assertStringIncludes(stderr, "report.netrun.html");
  const html = await folder.read("report.netrun.html");
  assert(html.length < 700 * 1024, `${html.length}`);
  assertStringIncludes(html, '"amount"');
  assertMatch(html, /"theme":"light","minimap":true,"graph":\{/);
  assert(!html.includes("s3cret") && !html.includes("retries"));
});

Deno.test("a net that cannot be resolved is shown as it is written, and not played through", async () => {
  await using folder = await project({
    "net.netrun.json": {
      graph: {
        nodes: [functionNode("lost"), { name: "b", in_ports: { in: {} } }],
        edges: [edge("lost.seen", "b.in")],
      },
    },
  });
  const call = (...options: string[]) =>
    callMain(["ui", "export-html", "net.netrun.json", "-o", "page.html", ...options], {
      cwd: folder.path,
    });
  const shown = await call();
  assertEquals(shown.code, 0, shown.stderr);
  assertStringIncludes(shown.stderr, "Warning: shown as it is written");
  assertStringIncludes(await folder.read("page.html"), '"source_port":"seen"');
  const played = await call("--simulate");
  assertEquals(played.code, 1);
  assertStringIncludes(played.stderr, "cannot be played through");
});
