/**
 * How a node is run, and what it asks of the nodes that it depends on.
 *
 * @module
 */
// @ts-types="@types/react"
import { useContext, useMemo } from "react";
import { asObject, objectsIn, type RawObject } from "../../../runtime/tools/raw_net.ts";
import { valueAtPath } from "../../model/document.ts";
import { nameOf } from "../../model/edit_nodes.ts";
import type { DrawnNode } from "../../model/graph_view.ts";
import { FieldAt, KnownValues, ObjectFields, useFormFields } from "../form/form_fields.tsx";
import { setValue } from "../form/field.tsx";
import { Section } from "../panel.tsx";
import type { Tab } from "../studio.ts";

/** Everything about running, but variables and storage, which have sections of their own. */
export function ExecutionSection({ node, data }: { node: DrawnNode; data: RawObject }) {
  const { path, view } = node;
  const outer = useContext(KnownValues);
  const known = useMemo(() => {
    const ports = view.outPorts.filter(({ origin }) => origin !== "signal").map(({ name }) => name);
    return new Map([
      ...outer,
      ["error_port", { values: [...new Set([...ports, "error"])], isComplete: false }],
    ]);
  }, [outer, view.outPorts]);
  const execution = asObject(data.get("execution_config"));
  const count = [...execution?.keys() ?? []].filter((key) => !ELSEWHERE.includes(key)).length;
  return (
    <Section title="Execution" count={count}>
      <KnownValues value={known}>
        <ObjectFields
          object="NodeExecutionConfig"
          path={[...path, "execution_config"]}
          without={ELSEWHERE}
        />
      </KnownValues>
    </Section>
  );
}

const ELSEWHERE = ["node_vars", "storage", "defer_net_actions"];

/** What is asked of the nodes at dependency edges. */
export function DependencySection({ tab, node }: { tab: Tab; node: DrawnNode }) {
  const path = [...node.path, "dependency_request"];
  const fields = useFormFields("DependencyRequestConfig");
  const request = asObject(valueAtPath(tab.history.data, path));
  const graph = asObject(valueAtPath(tab.history.data, node.path.slice(0, -2)));
  const sources = objectsIn(graph?.get("edges"))
    .filter((edge) => edge.get("dependency") === true && edge.get("target_node") === node.view.name)
    .map((edge) => `${edge.get("source_node")}`);
  const names = new Set(objectsIn(graph?.get("nodes")).map(nameOf));
  const asked = [...new Set(sources)].filter((name) => names.has(name));
  return (
    <Section title="Dependency request" count={request ? 1 : 0}>
      <p className="dim">
        {asked.length === 0
          ? "No dependency edge leads here, so nothing is asked."
          : `Asks ${asked.join(", ")} to run${request ? "." : ", as the net starts."}`}
      </p>
      {request
        ? (
          <>
            {fields.map((field) => <FieldAt key={field.name} field={field} path={path} />)}
            <button
              type="button"
              className="quiet"
              onClick={() => setValue("Remove request", path, undefined)}
            >
              Use the default
            </button>
          </>
        )
        : (
          <button
            type="button"
            className="add"
            onClick={() => setValue("Add request", path, new Map([["triggers", ["on_startup"]]]))}
          >
            + request of its own
          </button>
        )}
    </Section>
  );
}
