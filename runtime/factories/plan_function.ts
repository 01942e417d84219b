/**
 * Finding out what a function is as a node: from its declaration, its source, or its own text.
 *
 * @module
 */
import type {
  FallbackSignature,
  FunctionSignature,
  InputSignature,
  OutputSignature,
  PortSignature,
  ResultSignature,
  Signature,
  SignatureProblem,
  SignatureTexts,
  SourceLocation,
} from "../modules/signature.ts";
import type { AnyFunction } from "../schema/node.ts";
import { type FunctionLocation, FunctionSignatureError } from "./error.ts";
import type { FunctionPlan, InputPlan, OutputPlan, ResultPlan } from "./function_plan.ts";
import { declarationOf, type NodeSpec } from "./node.ts";
import { planDeclaration } from "./plan_declaration.ts";
import type { FactoryContext } from "./protocol.ts";

/**
 * Finds out what a function is as a node.
 *
 * A declaration by `node()` counts first, then the source, of which nothing is run, then the text of
 * the imported function.
 *
 * @param func The function, or a reference to it.
 * @returns The plan; undefined if that takes an import and `context.noImport` forbids it.
 * @throws {FunctionSignatureError} If it cannot become a node.
 * @throws {ModuleImportError} If it cannot or may not be loaded.
 */
export async function planFunction(
  func: string | AnyFunction,
  context: Pick<FactoryContext, "loader" | "noImport" | "warn">,
): Promise<FunctionPlan | undefined> {
  if (typeof func !== "string") {
    const ref = func.name === "" ? "(an anonymous function)" : func.name;
    return await planValue(func, { ref, name: func.name || "function" }, context);
  }
  const { url, exportName } = context.loader.resolve(func, "function");
  const stem = /([^/]+?)(\.\w+)?$/.exec(new URL(url).pathname)?.[1] ?? "function";
  const nameFor = (own: string | undefined) =>
    exportName !== undefined && exportName !== "default" ? exportName : own || stem;
  const signature = await context.loader.readSignature(func);
  const isComputed = signature.kind === "fallback" ||
    signature.kind === "declared" && signature.spec.computed.length > 0 ||
    "nodeConfig" in signature && signature.nodeConfig!.computed.length > 0;
  // Of a declared function the source may not even tell whether it is a generator.
  const needsImport = isComputed || signature.kind === "declared" && !context.noImport;
  if (!needsImport) return planSignature(signature, { ref: func, name: nameFor });
  if (context.noImport) return undefined;
  const fn = await context.loader.loadFunction(func);
  if (signature.kind === "function") {
    const plan = planSignature(signature, { ref: func, name: nameFor });
    return { ...plan, nodeConfigs: nodeConfigsOf(undefined, fn) };
  }
  const texts = signature.kind === "declared" ? signature : undefined;
  const place = {
    ref: func,
    name: nameFor(texts?.name ?? fn.name),
    texts,
    fallback: signature.kind === "fallback" ? signature : undefined,
  };
  return await planValue(fn, place, context);
}

/** What is known of a function besides itself. */
interface FunctionPlace {
  ref: string;
  name: string;
  /** What its source says around it. */
  texts?: SignatureTexts | undefined;
  /** Why its source says too little. */
  fallback?: FallbackSignature | undefined;
}

/** The plan of a function at hand: by its declaration, else by its own text. */
async function planValue(
  fn: AnyFunction,
  { ref, name, texts, fallback }: FunctionPlace,
  context: Pick<FactoryContext, "loader" | "warn">,
): Promise<FunctionPlan> {
  const spec = declarationOf(fn);
  if (spec !== undefined) {
    return planDeclaration(spec, {
      ref,
      name,
      texts: { ...texts, ...(fallback?.location ? { location: fallback.location } : {}) },
      nodeConfigs: nodeConfigsOf(spec, fn),
      yields: isGeneratorFunction(fn),
    });
  }
  const signature = await context.loader.signatures.readFunction(fn);
  const plan = planSignature(signature, { ref, name: () => name });
  if (fallback !== undefined) context.warn?.(describeFallback(ref, fallback));
  return { ...plan, nodeConfigs: nodeConfigsOf(undefined, fn) };
}

/** Why types and named outputs of a function are not known. */
function describeFallback(ref: string, { reason, location }: FallbackSignature): string {
  const place = location === undefined ? "" : ` (${location.url}:${location.line})`;
  return `the types of ${
    JSON.stringify(ref)
  } are not known: ${reason}${place}. Its ports are read ` +
    "from the loaded function, without what only types say: named outputs, `Batch`, `b?`, " +
    "`PreCreatedPacket`. Declare it with `node()` to state them";
}

/** Whether calling the function gives a generator, as far as it can be told. */
function isGeneratorFunction(fn: AnyFunction): boolean {
  return /^(?:Async)?GeneratorFunction$/.test(Object.prototype.toString.call(fn).slice(8, -1));
}

/** What a declaration and the function's own property `nodeConfig` state. */
function nodeConfigsOf(spec: NodeSpec | undefined, fn: AnyFunction): unknown[] {
  const own = (fn as { nodeConfig?: unknown }).nodeConfig;
  return [spec?.nodeConfig, own].filter((config) => config !== undefined);
}

/** The plan that a signature says in full. */
function planSignature(
  signature: Signature,
  { ref, name }: { ref: string; name: (own: string | undefined) => string },
): FunctionPlan {
  switch (signature.kind) {
    case "function":
      return planFunctionSignature(signature, ref, name(signature.name));
    case "declared":
      return planDeclaration(signature.spec.value as NodeSpec, {
        ref,
        name: name(signature.name),
        texts: signature,
        nodeConfigs: [(signature.spec.value as NodeSpec).nodeConfig, signature.nodeConfig?.value]
          .filter((config) => config !== undefined),
        // Only the function itself would tell, and it is not loaded.
        yields: false,
      });
    case "unreadable":
      throw signatureError(ref, [signature.problem]);
    case "fallback":
      throw new FunctionSignatureError(
        "unreadable",
        ref,
        `${signature.reason}; declare it with \`node()\``,
        {
          location: placeOf(signature.location),
        },
      );
  }
}

function planFunctionSignature(
  signature: FunctionSignature,
  ref: string,
  name: string,
): FunctionPlan {
  if (signature.problems.length > 0) throw signatureError(ref, signature.problems);
  return {
    ref,
    name,
    ...(signature.description === undefined ? {} : { description: signature.description }),
    inputs: signature.inputs.map(planInput),
    arguments: signature.arguments,
    result: planResult(signature.result, signature.returnsDescription),
    yields: signature.yields,
    manualOutput: false,
    stream: false,
    nodeConfigs: signature.nodeConfig === undefined ? [] : [signature.nodeConfig.value],
    ...(signature.location === undefined ? {} : { location: signature.location }),
  };
}

function signatureError(ref: string, problems: SignatureProblem[]): FunctionSignatureError {
  const [first] = problems;
  const message = problems.map(({ message }) => message).join("; ");
  return new FunctionSignatureError(first!.code, ref, message, {
    location: placeOf(first!.location),
  });
}

function placeOf(location: SourceLocation | undefined): FunctionLocation | undefined {
  return location && { file: location.url, line: location.line };
}

function planInput(input: InputSignature): InputPlan {
  return {
    ...planPort(input),
    optional: input.optional,
    ...(input.batch === undefined ? {} : { batch: input.batch }),
  };
}

function planPort({ name, type, description }: PortSignature) {
  return {
    port: name,
    type: type ?? null,
    ...(description === undefined ? {} : { description }),
  };
}

function planResult(result: ResultSignature, description: string | undefined): ResultPlan {
  const plan = (output: OutputSignature): OutputPlan => ({
    ...planPort(output),
    preCreated: output.preCreated === true,
  });
  switch (result.kind) {
    case "none":
      return result;
    case "single":
      return {
        kind: "single",
        output: { ...(description === undefined ? {} : { description }), ...plan(result.port) },
      };
    default:
      return { kind: result.kind, outputs: result.ports.map(plan) };
  }
}
