import { assert, assertEquals } from "@std/assert";
import { browserTest, edge, nodeOf } from "./_browser.ts";

const at = (x: number, y: number) => ({ extra: { ui: { position: { x, y } } } });

const NET = {
  graph: {
    nodes: [
      { name: "x", out_ports: { out: {} }, ...at(0, 100) },
      {
        name: "f",
        factory: "netrun:broadcast",
        factory_args: { num_outputs: 2 },
        execution_config: { retries: 1 },
        ...at(300, 100),
      },
      { name: "y", in_ports: { in: {} }, own: true, ...at(600, 100) },
      { name: "z", in_ports: { in: {} }, ...at(600, 300) },
    ],
    edges: [edge("x.out", "f.in_0"), edge("f.out_0", "y.in"), edge("f.out_1", "z.in")],
  },
};

browserTest(
  "8: three nodes become a subgraph; opened in place, a child is moved; dissolved, all is as before",
  { "net.netrun.json": NET },
  async ({ page, save, json }) => {
    await nodeOf(page, "f").click();
    for (const name of ["y", "z"]) await nodeOf(page, name).click({ modifiers: ["Control"] });
    await page.keyboard.press("Control+g");
    await nodeOf(page, "Subgraph").waitFor();
    await save();
    assertEquals(json("net.netrun.json").graph.nodes[1].nodes, NET.graph.nodes.slice(1));
    await page.reload();
    await nodeOf(page, "Subgraph").click();
    const inspector = page.getByRole("complementary", { name: "Inspector" });
    await inspector.getByRole("button", { name: "Expand in place" }).click();
    await page.keyboard.press("0");
    const child = nodeOf(page, "y");
    await child.waitFor();
    const header = (await child.locator("header").boundingBox())!;
    const [x, y] = [header.x + header.width / 2, header.y + header.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 30, y + 20, { steps: 4 });
    await page.mouse.move(x + 60, y + 40, { steps: 4 });
    await page.mouse.up();
    await page.getByRole("button", { name: "Undo: Move node" }).waitFor();
    await save();
    const moved = json("net.netrun.json").graph.nodes[1].nodes[1];
    const { x: left, y: top } = moved.extra.ui.position;
    assert(left > 600 && top > 100, `moved to ${left}, ${top}`);
    assertEquals({ ...moved, extra: undefined }, { ...NET.graph.nodes[2], extra: undefined });
    await page.getByRole("button", { name: "Undo: Move node" }).click();
    await nodeOf(page, "Subgraph").locator("header").click();
    await inspector.getByRole("button", { name: "Collapse" }).click();
    await child.waitFor({ state: "detached" });
    await nodeOf(page, "Subgraph").click();
    await page.keyboard.press("Control+Shift+g");
    await nodeOf(page, "f").waitFor();
    await save();
    const after = json("net.netrun.json");
    assertEquals(after.graph.nodes, NET.graph.nodes);
    const sorted = (edges: unknown[]) => edges.map((edge) => JSON.stringify(edge)).sort();
    assertEquals(sorted(after.graph.edges), sorted(NET.graph.edges));
  },
);

browserTest(
  "ports of a subgraph are exposed, renamed and taken back by hand, with what uses them",
  {
    "net.netrun.json": {
      graph: {
        nodes: [
          { name: "x", out_ports: { out: {} }, ...at(0, 100) },
          {
            name: "part",
            nodes: [{ name: "step", in_ports: { in: {}, side: {} }, out_ports: { out: {} } }],
            edges: [],
            exposed_in_ports: { go: { internal_node: "step", internal_port: "in" } },
            ...at(300, 100),
          },
        ],
        edges: [edge("x.out", "part.go")],
      },
    },
  },
  async ({ page, save, json }) => {
    await nodeOf(page, "part").click();
    const inspector = page.getByRole("complementary", { name: "Inspector" });
    await inspector.getByRole("button", { name: "+ exposed input" }).click();
    await inspector.getByLabel("Port to expose as input").selectOption("step.side");
    const name = inspector.getByLabel("Name of exposed port go");
    await name.fill("step_side");
    await name.press("Enter");
    await page.getByText('There is a port "step_side" on this side already').waitFor();
    await name.fill("start");
    await name.press("Enter");
    await page.getByLabel("Input port start of part").waitFor({ state: "attached" });
    await save();
    const saved = json("net.netrun.json").graph;
    assertEquals(saved.edges, [edge("x.out", "part.start")]);
    assertEquals(saved.nodes[1].exposed_in_ports, {
      start: { internal_node: "step", internal_port: "in" },
      step_side: { internal_node: "step", internal_port: "side" },
    });
    await inspector.getByRole("button", { name: "Remove exposed port start" }).click();
    await save();
    assertEquals(json("net.netrun.json").graph.edges, []);
  },
);

browserTest(
  "the nodes of a subgraph move to a file of their own, and back into this one",
  {
    "nets/net.netrun.json": {
      graph: {
        nodes: [{
          name: "part",
          nodes: [{ name: "step", in_ports: { in: {} }, own: 1 }],
          edges: [],
          exposed_in_ports: { go: { internal_node: "step", internal_port: "in" } },
          ...at(0, 0),
        }],
        edges: [],
      },
    },
  },
  async ({ page, save, json }) => {
    const before = json("nets/net.netrun.json");
    await nodeOf(page, "part").click();
    const inspector = page.getByRole("complementary", { name: "Inspector" });
    await inspector.getByRole("button", { name: "Move to a file…" }).click();
    const file = inspector.getByLabel("File for the nodes");
    assertEquals(await file.inputValue(), "part.graph.json");
    await file.press("Enter");
    await page.getByText("Wrote nets/part.graph.json").waitFor();
    await save();
    assertEquals(json("nets/part.graph.json"), {
      nodes: before.graph.nodes[0].nodes,
      edges: [],
    });
    const { nodes: _, edges: __, ...rest } = before.graph.nodes[0];
    assertEquals(json("nets/net.netrun.json").graph.nodes, [{ ...rest, path: "part.graph.json" }]);
    await inspector.getByRole("button", { name: "Put into this file" }).click();
    await inspector.getByText("1 node, written in this file").waitFor();
    await save();
    assertEquals(json("nets/net.netrun.json"), before);
  },
);
