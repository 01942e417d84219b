/**
 * What a function declared by `node()` is as a node.
 *
 * @module
 */
import * as z from "zod";
import type { SignatureTexts } from "../modules/signature.ts";
import type { PortTypeSpec } from "../schema/port.ts";
import { show } from "./args.ts";
import { FunctionSignatureError } from "./error.ts";
import type {
  BatchPlan,
  FunctionPlan,
  InputPlan,
  OutputPlan,
  PortPlan,
  ResultPlan,
} from "./function_plan.ts";
import type { NodeSpec } from "./node.ts";
import type {
  BatchPort,
  InputPort,
  OptionalPort,
  OutputPort,
  PreCreatedPort,
} from "./port_spec.ts";
import { schemaTypeName } from "./schema_type_name.ts";

/** What is known of a declared function besides the declaration. */
export interface DeclaredPlace {
  /** The function as the configuration names it. */
  ref: string;
  /** Name of the node, for where neither configuration nor declaration gives one. */
  name: string;
  /** What the source says around it. */
  texts: SignatureTexts;
  /** What declaration and function state about the node. */
  nodeConfigs: unknown[];
  /** The function is a generator. */
  yields: boolean;
}

/**
 * The plan that a declaration gives.
 *
 * @throws {FunctionSignatureError} If the declaration is malformed.
 */
export function planDeclaration(spec: NodeSpec, place: DeclaredPlace): FunctionPlan {
  const { ref, texts } = place;
  const inputs = Object.entries(spec.in ?? {}).map(([port, declared]) =>
    planInput(ref, port, declared)
  );
  const description = spec.description ?? texts.description;
  return {
    ref,
    name: spec.name ?? place.name,
    ...(description === undefined ? {} : { description }),
    inputs,
    arguments: [
      { kind: "object", members: inputs.map(({ port }) => ({ kind: "port", port })) },
      { kind: "reserved", name: "ctx" },
    ],
    result: planResult(ref, spec.out),
    yields: place.yields || spec.stream === true,
    manualOutput: spec.manualOutput === true,
    stream: spec.stream === true,
    nodeConfigs: place.nodeConfigs,
    ...(texts.location === undefined ? {} : { location: texts.location }),
  };
}

function planInput(ref: string, port: string, declared: InputPort): InputPlan {
  if (isSchema(declared)) {
    return { ...planSchema(port, declared, "input"), optional: acceptsNothing(declared) };
  }
  switch (tagOf(declared)) {
    case "any":
      return { port, type: null, optional: false };
    case "optional":
      return { ...planSchema(port, (declared as OptionalPort).schema, "input"), optional: true };
    case "batch": {
      const { schema, count, waitFor, until, empty, maxWait } = declared as BatchPort;
      const batch: BatchPlan = JSON.parse(
        JSON.stringify({ count, waitFor, until, empty, maxWait }),
      );
      return { ...planSchema(port, schema, "input"), optional: false, batch };
    }
    default:
      throw malformed(ref, `in.${port}`, declared);
  }
}

function planResult(ref: string, out: NodeSpec["out"]): ResultPlan {
  if (out === undefined) return { kind: "none" };
  if (isSchema(out) || tagOf(out) !== undefined) {
    return { kind: "single", output: planOutput(ref, "out", out as OutputPort) };
  }
  if (typeof out !== "object" || out === null) throw malformed(ref, "out", out);
  const outputs = Object.entries(out).map(([port, declared]) => planOutput(ref, port, declared));
  return outputs.length === 0 ? { kind: "none" } : { kind: "object", outputs };
}

function planOutput(ref: string, port: string, declared: OutputPort): OutputPlan {
  if (isSchema(declared)) return { ...planSchema(port, declared, "output"), preCreated: false };
  switch (tagOf(declared)) {
    case "any":
      return { port, type: null, preCreated: false };
    case "preCreated":
      return {
        ...planSchema(port, (declared as PreCreatedPort).schema, "output"),
        preCreated: true,
      };
    default:
      throw malformed(ref, port === "out" ? "out" : `out.${port}`, declared);
  }
}

/** A port with a schema: the function's wrapper applies it, the config shows it. */
function planSchema(
  port: string,
  schema: z.ZodType | undefined,
  io: "input" | "output",
): PortPlan {
  if (schema === undefined) return { port, type: null };
  return { port, type: schemaPortType(schema, io), schema };
}

/** A schema as the config shows it. */
function schemaPortType(schema: z.ZodType, io: "input" | "output"): PortTypeSpec | null {
  const json = jsonSchemaOf(schema, io);
  const name = schemaTypeName(json);
  return name === "unknown" && Object.keys(json).length === 0 ? null : { name, schema: json };
}

function jsonSchemaOf(schema: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  try {
    const { $schema: _, ["~standard"]: __, ...json } = z.toJSONSchema(schema, {
      io,
      unrepresentable: "any",
    }) as Record<string, unknown>;
    return json;
  } catch {
    // A schema of another library, or one that JSON Schema has no words for, is applied all the same.
    return {};
  }
}

/** Whether the schema takes the place of a value that is not there. */
function acceptsNothing(schema: z.ZodType): boolean {
  return (schema as Partial<z.ZodType>)._zod?.optin !== undefined &&
    schema.safeParse(undefined).success;
}

function isSchema(value: unknown): value is z.ZodType {
  return typeof value === "object" && value !== null &&
    typeof (value as { safeParse?: unknown }).safeParse === "function";
}

function tagOf(value: unknown): string | undefined {
  const tag = (value as { port?: unknown } | null | undefined)?.port;
  return typeof tag === "string" ? tag : undefined;
}

function malformed(ref: string, path: string, value: unknown): FunctionSignatureError {
  return new FunctionSignatureError(
    "bad_node_config",
    ref,
    `its declaration has ${show(value)} as \`${path}\`, which must be a zod schema, ` +
      (path.startsWith("in")
        ? "`any()`, `batch()` or `optional()`"
        : "`any()` or `preCreated()`, or an object of these"),
  );
}
