/**
 * A node on the canvas.
 *
 * @module
 */
import { Handle, type NodeProps, NodeResizer, Position } from "@xyflow/react";
// @ts-types="@types/react"
import { memo } from "react";
import { setAtPath } from "../model/document.ts";
import { moveNodes } from "../model/edit_nodes.ts";
import { type DrawnNode, writtenPlace } from "../model/graph_view.ts";
import { descriptionHeight } from "../model/node_size.ts";
import type { GroupRow, PortRow } from "../model/port_rows.ts";
import { edit } from "./editing.ts";
import { simulate } from "./simulating.ts";
import { useStudio } from "./studio.ts";

/** Signals and controls are written with two lines around their names; nobody wants to read those. */
function shownName(name: string): string {
  return name.replace(/^__(?:signal|control)_(.+)__$/, "$1");
}

/** A node: its name, what it is for, and its ports. */
export const NodeBox = memo(function NodeBox({ data, selected }: NodeProps) {
  const { node, problem } = data as { node: DrawnNode; problem: string | undefined };
  const { view } = node;
  const simulation = useStudio(({ simulation }) => simulation);
  const run = simulation?.run;
  const startable = run?.startable().filter(({ nodeName }) => nodeName === node.id) ?? [];
  const running = run?.running().filter(({ nodeName }) => nodeName === node.id) ?? [];
  const trouble = problem;
  return (
    <div
      className={`node ${view.kind} shape-${view.shape}${selected ? " selected" : ""}` +
        `${trouble ? " wrong" : ""}${view.isExpanded ? " expanded" : ""}` +
        `${startable.length > 0 ? " startable" : ""}${running.length > 0 ? " running" : ""}`}
    >
      <NodeResizer
        isVisible={selected === true && !view.isLocked && !view.isExpanded}
        minWidth={150}
        minHeight={60}
        onResizeEnd={(_, { x, y, width, height }) =>
          edit("Resize node", (draft) => {
            moveNodes(draft, [{ path: node.path, position: writtenPlace(node, { x, y }) }]);
            const ui = [...node.path, "extra", "ui", "dimensions"];
            setAtPath(draft, [...ui, "width"], Math.round(width));
            setAtPath(draft, [...ui, "height"], Math.round(height));
          })}
      />
      <header
        style={{
          ...(view.headerColor ? { background: view.headerColor } : {}),
          ...(view.fontColor ? { color: view.fontColor } : {}),
        }}
      >
        <span className="kind" aria-hidden="true" />
        <span className="name" title={view.name}>
          {view.hidesLabel ? "" : view.name || "unnamed"}
        </span>
        {view.isLocked && <span className="badge" title="Locked">⚿</span>}
        {view.kind === "factory" && <span className="badge" title={view.factory}>F</span>}
        {view.kind === "subgraph" && (
          <span className="badge" title={view.path ?? "Nodes inside"}>
            {view.nodeCount ?? "file"}
          </span>
        )}
      </header>
      {view.description !== "" && !view.hidesDescription && (
        <button
          type="button"
          className={view.isDescriptionExpanded ? "description expanded" : "description"}
          style={{ height: descriptionHeight(view, node.width) }}
          title={view.description}
          aria-expanded={view.isDescriptionExpanded}
          onClick={() =>
            edit(
              view.isDescriptionExpanded ? "Shorten description" : "Show description",
              (draft) =>
                setAtPath(
                  draft,
                  [...node.path, "extra", "ui", "descriptionExpanded"],
                  view.isDescriptionExpanded ? undefined : true,
                ),
            )}
        >
          {view.description}
        </button>
      )}
      <div className="ports">
        <ul>
          {node.inRows.map((row) => <Row key={rowKey(row)} row={row} side="in" node={node} />)}
        </ul>
        <ul>
          {node.outRows.map((row) => <Row key={rowKey(row)} row={row} side="out" node={node} />)}
        </ul>
      </div>
      {trouble && <p className="trouble" title={trouble}>{trouble}</p>}
      {(startable.length > 0 || running.length > 0) && (
        <div className="epochs">
          {startable.length > 0 && (
            <button
              type="button"
              className="nodrag"
              title="Run the oldest startable epoch to its end"
              onClick={() => simulate((run) => run.finish(startable[0]!.id, { type: "pass" }))}
            >
              ▶ {startable.length}
            </button>
          )}
          {running.length > 0 && <span>{running.length} running</span>}
        </div>
      )}
    </div>
  );
});

function rowKey(row: PortRow | GroupRow): string {
  return row.kind === "port" ? `p${row.port.name}` : `g${row.path}`;
}

function Row(
  { row, side, node }: { row: PortRow | GroupRow; side: "in" | "out"; node: DrawnNode },
) {
  const waiting = useStudio(({ simulation }) =>
    simulation && side === "in" && row.kind === "port"
      ? simulation.run.waitingAt(node.id, row.port.name)
      : 0
  );
  const isHandle = row.kind === "port" || !row.isOpen;
  const id = row.kind === "port" ? row.port.name : `group:${row.path}`;
  const label = row.kind === "port" ? shownName(row.label) : row.label;
  return (
    <li
      className={`port ${row.kind === "port" ? row.port.origin : "group"}`}
      style={{ paddingInlineStart: 14 + row.depth * 10, paddingInlineEnd: 14 + row.depth * 10 }}
    >
      {isHandle && (
        <Handle
          type={side === "in" ? "target" : "source"}
          position={side === "in" ? Position.Left : Position.Right}
          id={id}
          role="img"
          aria-label={`${side === "in" ? "Input" : "Output"} port ${label} of ${node.view.name}`}
        />
      )}
      {row.kind === "group" && (
        <button
          type="button"
          className="toggle nodrag"
          aria-expanded={row.isOpen}
          onClick={() =>
            edit("Open or close group", (draft) =>
              setAtPath(
                draft,
                [...node.path, "extra", "ui", "portGroups", `${side}:${row.path}`],
                !row.isOpen,
              ))}
        >
          {row.isOpen ? "▾" : "▸"} {label} <small>{row.ports.length}</small>
        </button>
      )}
      {row.kind === "port" && !node.view.hidesPortNames && (
        <span className="label" title={row.port.type ? `${label}: ${row.port.type}` : label}>
          {label}
          {row.port.gathers && <i title="Collects packets">⊞</i>}
          {row.port.type && <small>{row.port.type}</small>}
        </span>
      )}
      {waiting > 0 && row.kind === "port" && (
        <span className="chip" title="Packets that wait here">
          {row.port.capacity === null ? waiting : `${waiting}/${row.port.capacity}`}
        </span>
      )}
    </li>
  );
}
