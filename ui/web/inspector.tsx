/**
 * The inspector: everything about what is selected.
 *
 * @module
 */
// @ts-types="@types/react"
import { useMemo } from "react";
import { valueAt } from "../../runtime/tools/raw_net.ts";
import { viewOf } from "./canvas_graph.ts";
import { type Known, KnownValues } from "./form/form_fields.tsx";
import { DecorationInspector } from "./inspector/decoration_inspector.tsx";
import { EdgeInspector } from "./inspector/edge_inspector.tsx";
import { NetInspector } from "./inspector/net_inspector.tsx";
import { NodeInspector } from "./inspector/node_inspector.tsx";
import { SeveralInspector } from "./inspector/several_inspector.tsx";
import type { Tab } from "./studio.ts";

/** What is selected, or the net. */
export function Inspector({ tab }: { tab: Tab }) {
  const { data } = tab.history;
  const known = useMemo(() => knownValues(tab), [data]);
  return (
    <KnownValues value={known}>
      <Selected tab={tab} />
    </KnownValues>
  );
}

function Selected({ tab }: { tab: Tab }) {
  const { nodes, edges, decorations } = viewOf(tab);
  const [id, ...others] = tab.selection;
  if (others.length > 0) return <SeveralInspector tab={tab} />;
  const node = nodes.find((node) => node.id === id);
  if (node) return <NodeInspector key={node.path.join("/")} tab={tab} node={node} />;
  const edge = edges.find((edge) => edge.id === id);
  if (edge) return <EdgeInspector tab={tab} edge={edge} />;
  const decoration = decorations.find((decoration) => decoration.id === id);
  if (decoration) return <DecorationInspector key={decoration.id} decoration={decoration} />;
  return <NetInspector tab={tab} />;
}

/** What the document says about values that its fields may have. */
function knownValues({ history: { data } }: Tab): ReadonlyMap<string, Known> {
  const keysAt = (...path: string[]) => {
    const object = valueAt(data, ...path);
    return object instanceof Map ? [...object.keys()] as string[] : [];
  };
  const pools = { values: data.has("pools") ? keysAt("pools") : ["main"], isComplete: true };
  return new Map([
    ["pools", pools],
    ["default_pools", pools],
    ["backend", { values: keysAt("storage", "backends"), isComplete: false }],
  ]);
}
