import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  type Edge,
  edge,
  Graph,
  type GraphSpec,
  InvalidGraphError,
  NetSim,
  RequestNodeNotFoundError,
  RequestUnconnectedPortError,
  salvoCondition,
  type SalvoConditionSpec,
  type Term,
  term,
} from "@netrun/netrun/sim";
import fc from "fast-check";
import { Random, randomGraph } from "./random_net.ts";

const ports = (...names: string[]) => names.map((name) => ({ name }));

Deno.test("everything comes back in declaration order, names that look like integers too", () => {
  const names = ["10", "2", "__proto__", "constructor", "1"];
  const graph = new Graph({
    nodes: names.map((name) => ({ name, inPorts: ports(...names), outPorts: ports(...names) })),
    edges: names.map((name) => edge("10", name, "__proto__", name)),
  });
  assertEquals(graph.nodes.map((node) => node.name), names);
  assertEquals(graph.node("__proto__")?.inPorts.map((port) => port.name), names);
  assertEquals(graph.edges.map((edge) => edge.source.portName), names);
  assertEquals(graph.node("toString"), undefined);
  assertEquals(graph.validate(), []);
});

Deno.test("names that would look alike when joined are told apart", () => {
  const graph = new Graph({
    nodes: [
      { name: "a", outPorts: ports("b.c"), inPorts: ports("x") },
      { name: "a.b", outPorts: ports("c"), inPorts: ports("x") },
    ],
    edges: [edge("a", "b.c", "a", "x"), edge("a.b", "c", "a.b", "x")],
  });
  const tail = (nodeName: string, portName: string) =>
    graph.getEdgeByTail({ nodeName, portType: "output", portName });
  assertEquals(tail("a", "b.c")?.target.nodeName, "a");
  assertEquals(tail("a.b", "c")?.target.nodeName, "a.b");
  assertEquals(tail("a", "c"), undefined);
});

Deno.test("an edge that is listed twice exists once", () => {
  const ab = edge("A", "o", "B", "i");
  const graph = new Graph({
    nodes: [{ name: "A", outPorts: ports("o") }, { name: "B", inPorts: ports("i") }],
    edges: [ab, { ...ab, dependency: true }],
    dependencyEdges: [ab],
  });
  assertEquals(graph.edges, [ab]);
  assertEquals(graph.dependencyEdges, [ab]);
  assertEquals(graph.validate(), []);
  assertEquals(graph.getEdgesByHead(ab.target), [ab]);
  assert(graph.isDependencyEdge(edge("A", "o", "B", "i")));
  assertEquals(graph.isDependencyEdge(edge("A", "o", "B", "other")), false);
});

Deno.test("a port with many others is found as one with few", () => {
  const names = Array.from({ length: 40 }, (_, i) => `p${i}`);
  const graph = new Graph({
    nodes: [{ name: "A", outPorts: ports(...names) }, { name: "B", inPorts: ports(...names) }],
    edges: names.map((name) => edge("A", name, "B", name)),
  });
  for (const portName of names) {
    const found = graph.getEdgeByTail({ nodeName: "A", portType: "output", portName });
    assertEquals(found?.target.portName, portName);
  }
});

Deno.test("later changes of the spec do not reach the graph, and its views are frozen", () => {
  const spec: GraphSpec = { nodes: [{ name: "A", inPorts: ports("i") }], edges: [] };
  const graph = new Graph(spec);
  spec.nodes[0]!.name = "B";
  assertEquals(graph.nodes[0]!.name, "A");
  assertThrows(() => graph.nodes[0]!.inPorts.push({ name: "x", slots: { type: "infinite" } }));
  assertThrows(() => graph.node("A")!.name = "C", TypeError);
});

Deno.test("toJSON() fills in all defaults and makes an equal graph", () => {
  fc.assert(fc.property(fc.nat(), (seed) => {
    const graph = new Graph(randomGraph(new Random(seed)));
    const json = graph.toJSON();
    assertEquals(new Graph(JSON.parse(JSON.stringify(json))).toJSON(), json);
    for (const edge of graph.edges) {
      assertEquals(new Graph(json).isDependencyEdge(edge), graph.isDependencyEdge(edge));
    }
  }));
  const json = new Graph({ nodes: [{ name: "A" }], edges: [] }).toJSON();
  json.nodes[0]!.name = "free to be changed";
  const lists = { inPorts: [], outPorts: [], inSalvoConditions: [], outSalvoConditions: [] };
  assertEquals(new Graph({ nodes: [{ name: "A" }], edges: [] }).toJSON(), {
    nodes: [{ name: "A", ...lists }],
    edges: [],
    dependencyEdges: [],
  });
});

Deno.test("all duplicate names and wrong numbers are reported at once", () => {
  const condition: SalvoConditionSpec = {
    name: "c",
    maxSalvos: { type: "finite", max: 1.5 },
    ports: [
      { portName: "p", count: { type: "all" } },
      { portName: "p", count: { type: "count", count: -1 } },
    ],
    term: term.port("p", { type: "equals", value: NaN }),
  };
  const error = assertThrows(() =>
    new Graph({
      nodes: [
        {
          name: "A",
          inPorts: [...ports("p", "p"), { name: "q", slots: { type: "finite", capacity: -3 } }],
          inSalvoConditions: [condition, { ...condition, ports: [] }],
        },
        { name: "A" },
      ],
      edges: [],
    }), InvalidGraphError);
  assertEquals(error.code, "InvalidGraph");
  assertEquals(error.errors.map((issue) => issue.kind), [
    "duplicateNodeName",
    "duplicatePortName",
    "duplicateSalvoConditionName",
    "duplicateConditionPort",
    "invalidNumber",
    "invalidNumber",
    "invalidNumber",
    "invalidNumber",
    "invalidNumber",
    "invalidNumber",
  ]);
  for (const issue of error.errors) assert(error.message.includes(issue.message));
});

Deno.test("a simulator refuses an invalid graph with the list of all errors", () => {
  const spec: GraphSpec = {
    nodes: [{ name: "A", outPorts: ports("o") }],
    edges: [edge("A", "o", "B", "i"), edge("A", "o", "A", "i")],
  };
  const error = assertThrows(() => new NetSim(spec), InvalidGraphError);
  assertEquals(error.errors, new Graph(spec).validate());
  assertEquals(error.errors.map((issue) => issue.kind), [
    "edgeReferencesNonexistentNode",
    "edgeReferencesNonexistentPort",
    "multipleEdgesFromOutputPort",
  ]);
});

Deno.test("what has not the shape of a graph is refused, with the place that is wrong", () => {
  const refuse = (spec: unknown, message: string) =>
    assertThrows(() => new Graph(spec as GraphSpec), TypeError, message);
  refuse(null, "The graph must be an object, got null");
  refuse({ edges: [] }, "graph.nodes must be an array, got undefined");
  refuse({ nodes: [{}], edges: [] }, "graph.nodes[0].name must be a string");
  refuse(
    { nodes: [{ name: "A", inPorts: [{ name: "p", slots: { type: "some" } }] }], edges: [] },
    'graph.nodes[0].inPorts[0].slots.type must be one of "infinite", "finite", got "some"',
  );
  const withTerm = (term: unknown) => ({
    nodes: [{
      name: "A",
      outSalvoConditions: [{ ...salvoCondition({ name: "c", ports: [], term: term as Term }) }],
    }],
    edges: [],
  });
  refuse(withTerm({ type: "and" }), "outSalvoConditions[0].term.terms must be an array");
  refuse(withTerm({ type: "not" }), "outSalvoConditions[0].term must be an object");
  refuse({ nodes: [], edges: [{ source: {} }] }, "graph.edges[0].source.nodeName must be a string");
});

Deno.test("a condition nested 10,000 deep is copied, checked and triggered", () => {
  let deep: Term = term.port("i", "nonEmpty");
  for (let i = 0; i < 10_000; i++) deep = i % 2 === 0 ? term.and(deep) : term.not(term.not(deep));
  const spec: GraphSpec = {
    nodes: [{
      name: "A",
      inPorts: ports("i"),
      inSalvoConditions: [salvoCondition({ name: "c", ports: "i", term: deep })],
    }],
    edges: [],
  };
  const sim = new NetSim(new Graph(new Graph(spec).toJSON()));
  const { data: { packetId } } = sim.doAction({ type: "createPacket" });
  const destination = { type: "inputPort", nodeName: "A", portName: "i" } as const;
  sim.doAction({ type: "transportPacketToLocation", packetId, destination });
  assertEquals(sim.runStep().created.length, 1);
});

const chainOf = (...edges: Edge[]): GraphSpec => ({
  nodes: ["S", "T", "A", "B"].map((name) => ({
    name,
    inPorts: name === "S" || name === "T" ? [] : ports("i", "j"),
    outPorts: ports("o", "p"),
  })),
  edges,
  dependencyEdges: edges.filter((edge) => edge.target.nodeName === "B"),
});

Deno.test("sourcesOf() walks over dependency edges first and over all edges then", () => {
  const graph = new Graph(chainOf(
    edge("T", "o", "A", "j"),
    edge("S", "o", "A", "i"),
    edge("A", "o", "B", "i"),
    edge("S", "p", "B", "j"),
  ));
  assertEquals(graph.sourcesOf("B"), ["S", "T"]);
  assertEquals(graph.sourcesOf("A"), []);
  assertThrows(() => graph.sourcesOf("Z"), RequestNodeNotFoundError);
});

Deno.test("sourcesOf() fails at the first port that nothing leads to", () => {
  const graph = new Graph(chainOf(edge("S", "o", "A", "i"), edge("A", "o", "B", "i")));
  const error = assertThrows(() => graph.sourcesOf("B"), RequestUnconnectedPortError);
  assertEquals([error.nodeName, error.portName], ["A", "j"]);
});

Deno.test("sourcesOf() ends on cycles, which have no sources", () => {
  const loop = edge("A", "o", "A", "i");
  const graph = new Graph({
    nodes: [{ name: "A", inPorts: ports("i"), outPorts: ports("o") }],
    edges: [{ ...loop, dependency: true }],
  });
  assertEquals(graph.sourcesOf("A"), []);
});
