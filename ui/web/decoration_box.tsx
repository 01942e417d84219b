/**
 * A decoration on the canvas.
 *
 * @module
 */
import { type NodeProps, NodeResizer } from "@xyflow/react";
import { setAtPath } from "../model/document.ts";
import { moveNodes } from "../model/edit_nodes.ts";
import type { Decoration } from "../model/graph_view.ts";
import { colorOf } from "../model/node_view.ts";
import { edit } from "./editing.ts";

/** A shape or a text that means nothing to the net. */
export function DecorationBox({ data, selected }: NodeProps) {
  const { decoration } = data as { decoration: Decoration };
  const kind = `${decoration.data.get("decorationType") ?? "rectangle"}`;
  const text = decoration.data.get("text") ?? decoration.data.get("label");
  const number = (key: string, fallback: number) => {
    const value = decoration.data.get(key);
    return typeof value === "number" && Number.isFinite(value) ? value : fallback;
  };
  const isPlain = kind === "label" || kind === "divider";
  return (
    <div
      className={`decoration ${kind}${selected ? " selected" : ""}`}
      style={{
        background: colorOf(decoration.data.get("fillColor")),
        borderColor: colorOf(decoration.data.get("strokeColor")),
        borderWidth: isPlain ? 0 : number("strokeWidth", 1),
        color: colorOf(decoration.data.get("fontColor")),
        fontSize: number("fontSize", 14),
        opacity: number("opacity", 1),
      }}
    >
      <NodeResizer
        isVisible={selected === true}
        minWidth={20}
        minHeight={4}
        onResizeEnd={(_, { x, y, width, height }) =>
          edit("Resize decoration", (draft) => {
            moveNodes(draft, [{ path: decoration.path, position: { x, y } }]);
            setAtPath(draft, [...decoration.path, "width"], Math.round(width));
            setAtPath(draft, [...decoration.path, "height"], Math.round(height));
          })}
      />
      {typeof text === "string" && <span>{text}</span>}
    </div>
  );
}
