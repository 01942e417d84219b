/** Reading signatures in tests, and saying them in one line. */
import { assert } from "@std/assert";
import { readSignatures, SignatureReader } from "../../../runtime/modules/read_signatures.ts";
import type {
  FunctionSignature,
  OutputSignature,
  PortSignature,
  Signature,
} from "../../../runtime/modules/signature.ts";

/** URL of a file of the zoo. */
export function zooUrl(file: string): string {
  return new URL(`./zoo/${file}`, import.meta.url).href;
}

/** All exports of a file of the zoo. */
export function readZoo(file: string): Promise<Map<string, Signature>> {
  return new SignatureReader().readModule(zooUrl(file));
}

/** One export, which must be a readable function. */
export function functionIn(signatures: Map<string, Signature>, name: string): FunctionSignature {
  const signature = signatures.get(name);
  assert(signature?.kind === "function", `${name} is ${signature?.kind ?? "missing"}`);
  return signature;
}

/** The function `f` of a TypeScript text. */
export async function readF(text: string, url = "file:///f.ts"): Promise<FunctionSignature> {
  return functionIn(await readSignatures(url, text), "f");
}

/** The output ports, whatever kind of result they belong to. */
export function outputsOf({ result }: FunctionSignature): OutputSignature[] {
  if (result.kind === "none") return [];
  return result.kind === "single" ? [result.port] : result.ports;
}

/** `a`, `b?: number`, `c: Stats (unchecked)`. */
export function say({ name, optional, type }: PortSignature): string {
  const text = type ? `: ${type.name}${type.unchecked ? " (unchecked)" : ""}` : "";
  return `${name}${optional ? "?" : ""}${text}`;
}

/** The arguments of a call: `a`, `ctx!`, `{a, b}`. */
export function sayArguments({ arguments: args }: FunctionSignature): string {
  return args.map((argument) =>
    argument.kind === "object" ? `{${argument.members.map(sayOne).join(", ")}}` : sayOne(argument)
  ).join(", ");
}

function sayOne(argument: Exclude<FunctionSignature["arguments"][number], { kind: "object" }>) {
  return argument.kind === "port" ? argument.port : `${argument.name}!`;
}

/** What the text of a function tells as well as its source: ports, arguments, kind. */
export function readSummary(signature: FunctionSignature): unknown {
  const { async, generator, inputs, problems } = signature;
  return {
    async,
    generator,
    inputs: inputs.map(({ name }) => name),
    arguments: sayArguments(signature),
    // A bad `Batch` is a matter of types.
    problems: problems.map(({ code }) => code).filter((code) => code !== "bad_batch"),
  };
}
