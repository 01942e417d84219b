/**
 * Putting shapes together.
 *
 * @module
 */
import type { TypeShape } from "./type_shape.ts";

/** Whether every value fits. */
export function isOpen(shape: TypeShape): boolean {
  return shape.kind === "any" || shape.kind === "unchecked";
}

/** The shape of a union; one that holds an open option is open itself. */
export function union(options: TypeShape[], name = ""): TypeShape {
  const flat = options.flatMap((option) => option.kind === "union" ? option.options : [option])
    .filter((option) => option.kind !== "never");
  if (flat.some((option) => option.kind === "any")) return { kind: "any" };
  if (flat.some((option) => option.kind === "unchecked")) return { kind: "unchecked", name };
  if (flat.length === 0) return { kind: "never" };
  return flat.length === 1 ? flat[0]! : { kind: "union", options: flat };
}

/** The shapes right below a shape. */
export function* shapesBelow(shape: TypeShape): Iterable<TypeShape> {
  switch (shape.kind) {
    case "array":
    case "set":
      yield shape.element;
      return;
    case "tuple":
      for (const element of shape.elements) yield element.shape;
      return;
    case "object":
      for (const member of shape.members) yield member.shape;
      if (shape.index) yield shape.index;
      return;
    case "record":
    case "map":
      yield shape.key;
      yield shape.value;
      return;
    case "union":
      yield* shape.options;
      return;
    case "intersection":
      yield* shape.parts;
  }
}

/** The definitions that a shape refers to, directly or through others; undefined if none. */
export function reachable(
  shape: TypeShape,
  definitions: ReadonlyMap<string, TypeShape | null>,
): Record<string, TypeShape> | undefined {
  const found = new Map<string, TypeShape>();
  const waiting: TypeShape[] = [shape];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    waiting.push(...shapesBelow(next));
    if (next.kind !== "reference" || found.has(next.name)) continue;
    const definition = definitions.get(next.name);
    if (!definition) continue;
    found.set(next.name, definition);
    waiting.push(definition);
  }
  return found.size ? Object.fromEntries(found) : undefined;
}
