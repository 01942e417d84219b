/**
 * How a port's type is shown.
 *
 * @module
 */
import type { PortType } from "../schema/port.ts";

/** The type as text, a zod schema as its JSON Schema, or null if any value is taken. */
export function portTypeText(type: PortType | null): unknown {
  if (type === null || typeof type === "string") return type;
  if (typeof type === "function") return type.name;
  if ("name" in type) return type.schema ?? type.name;
  return "zod schema";
}
