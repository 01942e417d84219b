/**
 * The inspector: everything about what is selected.
 *
 * @module
 */
// @ts-types="@types/react"
import { useEffect, useMemo, useState } from "react";
import { valueAt } from "../../runtime/tools/raw_net.ts";
import { callPlain } from "./api.ts";
import { viewOf } from "./canvas_graph.ts";
import { projectFolder } from "./factory_info.ts";
import { type Known, KnownValues } from "./form/form_fields.tsx";
import { DecorationInspector } from "./inspector/decoration_inspector.tsx";
import { EdgeInspector } from "./inspector/edge_inspector.tsx";
import { NetInspector } from "./inspector/net_inspector.tsx";
import { NodeInspector } from "./inspector/node_inspector.tsx";
import { SeveralInspector } from "./inspector/several_inspector.tsx";
import { type Tab, useStudio } from "./studio.ts";

/** What is selected, or the net. */
export function Inspector({ tab }: { tab: Tab }) {
  const { data } = tab.history;
  const functions = useFunctionRefs(tab);
  const known = useMemo(() => knownValues(tab, functions), [data, functions]);
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
function knownValues(
  { history: { data } }: Tab,
  functions: readonly string[],
): ReadonlyMap<string, Known> {
  const keysAt = (...path: string[]) => {
    const object = valueAt(data, ...path);
    return object instanceof Map ? [...object.keys()] as string[] : [];
  };
  const pools = { values: data.has("pools") ? keysAt("pools") : ["main"], isComplete: true };
  return new Map<string, Known>([
    ["pools", pools],
    ["default_pools", pools],
    ["backend", { values: keysAt("storage", "backends"), isComplete: false }],
    ...FUNCTIONS.map((name) => [name, { values: functions, isComplete: false }] as const),
  ]);
}

/** Fields that name a function. */
const FUNCTIONS = [
  "close_node_func",
  "dead_letter_callback",
  "exec_node_func",
  "func",
  "init_node_func",
  "on_node_failure",
];

/** References of the functions of the project; none until they are known. */
function useFunctionRefs(tab: Tab): readonly string[] {
  const version = useStudio(({ codeVersion }) => codeVersion);
  const isAlone = useStudio(({ isAlone }) => isAlone);
  const [refs, setRefs] = useState<readonly string[]>([]);
  const root = projectFolder(tab);
  useEffect(() => {
    if (isAlone) return;
    let isCurrent = true;
    callPlain<{ functions: { ref: string }[] }>("/functions", { project_root: root }).then(
      ({ functions }) => isCurrent && setRefs(functions.map(({ ref }) => ref)),
      // They are only offered: any reference can be typed.
      () => {},
    );
    return () => void (isCurrent = false);
  }, [root, version, isAlone]);
  return refs;
}
