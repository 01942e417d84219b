import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { checkDocument } from "../../../ui/model/check_document.ts";
import { editData, type RawObject, setAtPath, valueAtPath } from "../../../ui/model/document.ts";
import { arrange } from "../../../ui/model/edit_layout.ts";
import { setExpanded } from "../../../ui/model/edit_subgraphs.ts";
import { type DrawnNode, graphView, writtenPlace } from "../../../ui/model/graph_view.ts";
import { rowY } from "../../../ui/model/node_geometry.ts";
import type { PortView } from "../../../ui/model/node_view.ts";
import { handlesOf, pairGroups, portRows } from "../../../ui/model/port_rows.ts";
import { fuzzyFilter, fuzzyScore } from "../../../ui/model/search.ts";
import { chain, dataOf, edge } from "./_documents.ts";

function port(name: string): PortView {
  return { name, type: "", capacity: null, origin: "own", gathers: false };
}

Deno.test("groups of three ports and more are closed, smaller ones open, until someone says otherwise", () => {
  const ports = ["a.x", "a.y", "a.z", "b.x", "b.y", "c.x", "plain"].map(port);
  const labels = (groups: Map<string, boolean>) =>
    portRows(ports, "in", groups).map(({ label, depth }) => `${" ".repeat(depth)}${label}`);
  assertEquals(labels(new Map()), ["a", "b", " x", " y", "c.x", "plain"]);
  const turned = new Map([["in:a", true], ["in:b", false], ["out:a", false]]);
  assertEquals(labels(turned), ["a", " x", " y", " z", "b", "c.x", "plain"]);
  const handles = handlesOf(portRows(ports, "in", new Map()));
  assertEquals([handles.get("a.y"), handles.get("b.y")], ["group:a", "b.y"]);
});

Deno.test("groups are joined port by port if their names go on equally, else not", () => {
  const group = (path: string, ...names: string[]) => ({
    path,
    ports: names.map((name) => port(`${path}.${name}`)),
  });
  assertEquals(pairGroups(group("a", "x", "y"), group("b", "y", "x")), [
    ["a.x", "b.x"],
    ["a.y", "b.y"],
  ]);
  assertEquals(pairGroups(group("a", "x", "y"), group("b", "x")), undefined);
});

Deno.test("ports of signals, controls and failures are drawn without being written", () => {
  const data = dataOf({
    default_signals: ["epoch_failed"],
    graph: {
      nodes: [
        { name: "a", execution_config: { controls: ["enable"], error_port: "failed" } },
        { name: "b", execution_config: { signals: [] } },
      ],
    },
  });
  const [a, b] = graphView(data, ["graph"]).nodes;
  const shown = (ports: readonly PortView[]) => ports.map(({ name, origin }) => [name, origin]);
  assertEquals(shown(a!.view.inPorts), [["__control_enable__", "control"]]);
  assertEquals(shown(a!.view.outPorts), [
    ["failed", "error"],
    ["__signal_epoch_failed__", "signal"],
  ]);
  assertEquals(b!.view.outPorts, []);
});

Deno.test("ports of a factory that is not resolved are those that edges name", () => {
  const data = dataOf({
    graph: {
      nodes: [{ name: "a", factory: "./f.ts" }, { name: "b", in_ports: { in: {} } }],
      edges: [edge("a.odd", "b.in")],
    },
  });
  const [a] = graphView(data, ["graph"]).nodes;
  assertEquals(a!.view.outPorts.map(({ name, origin }) => [name, origin]), [["odd", "edge"]]);
  assert(a!.view.isUnresolved);
  const made = {
    inPorts: [],
    outPorts: [{ ...port("real"), origin: "factory" as const }],
    description: "D",
  };
  const [resolved] =
    graphView(data, ["graph"], (node) => node.has("factory") ? made : undefined).nodes;
  assertEquals(resolved!.view.outPorts.map(({ name, origin }) => [name, origin]), [
    ["real", "factory"],
    ["odd", "missing"],
  ]);
});

Deno.test("an expanded subgraph is drawn with its nodes inside a frame that holds them", () => {
  const data = dataOf({
    graph: {
      nodes: [{
        name: "sub",
        type: "subgraph",
        nodes: [{ name: "x", extra: { ui: { position: { x: 500, y: 300 } } } }, { name: "y" }],
        edges: [],
      }],
    },
  });
  assertEquals(graphView(data, ["graph"]).nodes.map(({ id }) => id), ["sub"]);
  const open = editData(data, (draft) => setExpanded(draft, ["graph", "nodes", 0], true));
  const [frame, x] = graphView(open, ["graph"]).nodes;
  assertEquals([x!.id, x!.parent], ["sub.x", "sub"]);
  assert(frame!.width >= x!.x + x!.width && frame!.height >= x!.y + x!.height);
  const closed = editData(open, (draft) => setExpanded(draft, ["graph", "nodes", 0], false));
  assertEquals([...valueAtPath(closed, ["graph", "nodes", 0]) as RawObject].length, 5);
});

Deno.test("a colour that is none, and styles hidden in one, do not reach the page", () => {
  const color = (headerColor: unknown) =>
    graphView(
      dataOf({ graph: { nodes: [{ name: "a", extra: { ui: { headerColor } } }] } }),
      ["graph"],
    ).nodes[0]!.view.headerColor;
  assertEquals(color("#1f2933"), "#1f2933");
  assertEquals(color("teal"), "teal");
  assertEquals(color("red; background: url(https://x)"), undefined);
  assertEquals(color(7), undefined);
});

Deno.test("a layout leaves no two nodes on top of each other, and nodes that were locked in place", () => {
  const nets = fc.integer({ min: 1, max: 12 }).chain((size) =>
    fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 20 }).map((ends) =>
      dataOf({
        graph: {
          nodes: Array.from({ length: size }, (_, i) => ({
            name: `n${i}`,
            in_ports: { in: {} },
            out_ports: { out: {} },
          })),
          edges: ends.map(([a, b]) => edge(`n${a}.out`, `n${b}.in`)),
        },
      })
    )
  );
  fc.assert(fc.property(nets, fc.constantFrom("right" as const, "down" as const), (data, way) => {
    const placed = editData(data, (draft) => arrange(draft, graphView(data, ["graph"]), way));
    const nodes = graphView(placed, ["graph"]).nodes;
    const overlap = (a: DrawnNode, b: DrawnNode) =>
      a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
    assert(!nodes.some((a, i) => nodes.slice(i + 1).some((b) => overlap(a, b))));
  }));
  const locked = editData(
    chain(),
    (draft) => setAtPath(draft, ["graph", "nodes", 1, "extra", "ui", "locked"], true),
  );
  const after = editData(locked, (draft) => arrange(draft, graphView(locked, ["graph"]), "right"));
  assertStrictEquals(
    valueAtPath(after, ["graph", "nodes", 1]),
    valueAtPath(locked, ["graph", "nodes", 1]),
  );
});

Deno.test("problems name the node at which they show, also inside subgraphs", () => {
  const data = dataOf({
    graph: {
      nodes: [{
        name: "sub",
        type: "subgraph",
        nodes: [{ name: "x", execution_config: { pools: ["nowhere"] } }],
      }, { name: "a", out_ports: { out: {} } }],
      edges: [edge("a.out", "gone.in")],
    },
  });
  const problems = checkDocument(data).filter(({ severity }) => severity === "error");
  assertEquals(problems.map(({ code, node }) => [code, node]), [
    ["missing_node", "a"],
    ["unknown_pool", "sub.x"],
  ]);
  assertEquals(problems[1]!.nodePaths.length, 2);
});

Deno.test("a schema error is a problem with a path, and data of any kind is never a crash", () => {
  const data = dataOf({ graph: { nodes: [{ name: 5 }] }, retries: "many" });
  assertEquals(checkDocument(data).map(({ code }) => code).sort(), ["type", "type"]);
  for (const broken of [{}, { graph: 1 }, { graph: { nodes: [null, 3], edges: "x" } }]) {
    assert(checkDocument(dataOf(broken)).length > 0);
    graphView(dataOf(broken), ["graph"]);
  }
});

Deno.test("a search finds letters in order, words and beginnings first", () => {
  assertEquals(fuzzyScore("xyz", "Save file"), 0);
  const found = fuzzyFilter("sf", ["transform", "Save file", "self"], (text) => [text]);
  assertEquals(found[0], "Save file");
  assertEquals(fuzzyFilter(" ", ["b", "a"], (text) => [text]), ["b", "a"]);
});

Deno.test("an expanded subgraph fits what stands in it, below its ports, wherever that was written", () => {
  const data = (x: number, y: number) =>
    dataOf({
      graph: {
        nodes: [{
          name: "part",
          nodes: [
            { name: "a", extra: { ui: { position: { x, y } } } },
            { name: "b", extra: { ui: { position: { x: x + 300, y: y + 50 } } } },
          ],
          exposed_in_ports: { go: { internal_node: "a", internal_port: "in" } },
          extra: { ui: { expanded: true, position: { x: 10, y: 20 } } },
        }],
      },
    });
  const [near, far] = [data(0, 0), data(5000, -700)].map((net) => graphView(net, ["graph"]).nodes);
  const boxes = (nodes: typeof near) =>
    nodes!.map(({ x, y, width, height }) => ({ x, y, width, height }));
  assertEquals(boxes(near), boxes(far));
  const [part, a, b] = far!;
  assert(a!.y > rowY(part!, 0));
  assert(b!.x + b!.width <= part!.width && b!.y + b!.height <= part!.height);
  assertEquals(writtenPlace(b!, b!), { x: 5300, y: -650 });
  assertEquals(writtenPlace(part!, part!), { x: 10, y: 20 });
});
