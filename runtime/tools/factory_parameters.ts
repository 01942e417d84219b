/**
 * What a factory without a schema takes, by the source of its `getNodeConfig`.
 *
 * @module
 */
import type { FactoryParameter } from "../factories/factory_info.ts";
import { ModuleImportError } from "../modules/error.ts";
import type { ModuleLoader } from "../modules/loader.ts";
import type { TypeDescription, TypeShape } from "../modules/type_shape.ts";

/**
 * The parameters of a factory module: the members of the second parameter's type.
 *
 * @param loader Reads the module; nothing of it is run.
 * @param ref The factory, as a net file names it.
 * @returns The parameters; none if the source does not tell.
 */
export async function parametersFromSource(
  loader: ModuleLoader,
  ref: string,
): Promise<FactoryParameter[]> {
  if (ref.includes("::")) return [];
  try {
    const signature = await loader.readSignature(`${ref}::getNodeConfig`);
    if (signature.kind !== "function") return [];
    return membersOf(signature.inputs[1]?.type?.type);
  } catch (error) {
    if (error instanceof ModuleImportError) return [];
    throw error;
  }
}

function membersOf(description: TypeDescription | undefined): FactoryParameter[] {
  const { shape, definitions = {} } = description ?? {};
  const object = shape?.kind === "reference" ? definitions[shape.name] : shape;
  if (object?.kind !== "object") return [];
  return object.members.map(({ name, shape, optional = false }) => {
    const type = shapeText(shape);
    return { name, ...type === "unknown" ? {} : { type }, required: !optional };
  });
}

/** A type in the notation of TypeScript. */
function shapeText(shape: TypeShape): string {
  switch (shape.kind) {
    case "any":
      return "unknown";
    case "literal":
      return JSON.stringify(shape.value);
    case "bigintLiteral":
      return `${shape.digits}n`;
    case "nonPrimitive":
      return "object";
    case "function":
      return "Function";
    case "array":
      return `${grouped(shape.element)}[]`;
    case "tuple":
      return "unknown[]";
    case "object": {
      const members = shape.members.map(({ name, shape, optional }) =>
        `${name}${optional ? "?" : ""}: ${shapeText(shape)}`
      );
      return members.length === 0 ? "{}" : `{ ${members.join("; ")} }`;
    }
    case "record":
    case "map":
      return `${shape.kind === "map" ? "Map" : "Record"}<${shapeText(shape.key)}, ${
        shapeText(shape.value)
      }>`;
    case "set":
      return `Set<${shapeText(shape.element)}>`;
    case "union":
      return shape.options.map(shapeText).join(" | ");
    case "intersection":
      return shape.parts.map(grouped).join(" & ");
    default:
      return "name" in shape ? shape.name : shape.kind;
  }
}

function grouped(shape: TypeShape): string {
  const text = shapeText(shape);
  return shape.kind === "union" || shape.kind === "intersection" ? `(${text})` : text;
}
