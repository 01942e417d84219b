/**
 * A decoration on the canvas.
 *
 * @module
 */
import { type NodeProps, NodeResizer } from "@xyflow/react";
// @ts-types="@types/react"
import { useEffect, useState } from "react";
import { setAtPath } from "../model/document.ts";
import { moveNodes } from "../model/edit_nodes.ts";
import type { Decoration } from "../model/graph_view.ts";
import { colorOf } from "../model/node_view.ts";
import { loadImage } from "./api.ts";
import { edit } from "./editing.ts";
import { activeTab } from "./studio.ts";

/** The image of a decoration, loaded with the token that an address alone does not bear. */
function Picture({ path, label }: { path: string; label: string }) {
  const [source, setSource] = useState<string>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let url: string | undefined;
    let isCurrent = true;
    setProblem(undefined);
    loadImage(path).then(
      (blob) => isCurrent && setSource(url = URL.createObjectURL(blob)),
      (error: Error) => isCurrent && setProblem(error.message),
    );
    return () => {
      isCurrent = false;
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [path]);
  if (problem !== undefined) return <span className="error">{problem}</span>;
  return source === undefined ? null : <img src={source} alt={label} draggable={false} />;
}

/** Where an image stands: paths lead from the file that names them. */
function imagePathOf(decoration: Decoration): string | undefined {
  const path = decoration.data.get("imagePath");
  if (typeof path !== "string" || path === "") return undefined;
  const file = activeTab()?.path ?? "";
  return file.slice(0, file.lastIndexOf("/") + 1) + path;
}

/** A shape or a text that means nothing to the net. */
export function DecorationBox({ data, selected }: NodeProps) {
  const { decoration } = data as { decoration: Decoration };
  const kind = `${decoration.data.get("decorationType") ?? "rectangle"}`;
  const text = decoration.data.get("text") ?? decoration.data.get("label");
  const number = (key: string, fallback: number) => {
    const value = decoration.data.get(key);
    return typeof value === "number" && Number.isFinite(value) ? value : fallback;
  };
  const isPlain = kind === "label" || kind === "divider" || kind === "image";
  const image = kind === "image" ? imagePathOf(decoration) : undefined;
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
      {image !== undefined && <Picture path={image} label={typeof text === "string" ? text : ""} />}
      {kind === "image" && image === undefined && <span className="dim">No image is chosen</span>}
      {kind !== "image" && typeof text === "string" && <span>{text}</span>}
    </div>
  );
}
