/**
 * Which functions the clients of a server may have run.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import type { Admission } from "../pools/remote_session.ts";
import { ExecutionManagerProtocolKeys as KEYS } from "./job_protocol.ts";
import type { FunctionReference } from "./job_protocol.ts";

/**
 * What clients may have run: functions that the server has registered; also those of modules that it
 * lists; or any code that they send.
 */
export type FunctionMode = "registered" | "modules" | "source";

/** What {@linkcode functionAdmission} goes by. */
export interface FunctionPolicy {
  /** What clients may have run. */
  readonly functions: FunctionMode;
  /** Beginnings of specifiers, for `modules`: a package, a URL, or a path in the project. */
  readonly modules: readonly string[];
  /** URL of the project's folder, with a slash at its end. */
  readonly rootUrl: string;
  /** Keys of the registered functions. */
  readonly registered: ReadonlySet<string>;
}

/** Modes in which functions of modules may be named. */
const namingModes: readonly FunctionMode[] = ["modules", "source"];

/**
 * Looks at all that a client sends to workers. Specifiers that begin with a dot are taken from the
 * server's project: paths of the client mean nothing here.
 */
export function functionAdmission(
  policy: FunctionPolicy,
): (key: string, data: unknown) => Admission {
  const known = new Set(policy.registered);
  return (key, data) => {
    if (key !== KEYS.RUN && key !== KEYS.SEND_FUNCTION) return { pass: data };
    const message = Array.isArray(data) ? data : [];
    const msgId = message[0];
    try {
      if (key === KEYS.RUN) {
        return { pass: message.with(1, admittedFunction(String(message[1]), known, policy)) };
      }
      const name = String(message[1]);
      if (policy.registered.has(name)) {
        throw refused(name, "it is the name of a function that the server has registered");
      }
      const reference = admittedReference(name, message[2], policy);
      known.add(name);
      return { pass: [msgId, name, reference] };
    } catch (error) {
      const now = Date.now();
      return {
        answer: key === KEYS.RUN
          ? [KEYS.UP_RUN_RESPONSE, [msgId, now, now, false, true, error, 0, 0]]
          : [KEYS.UP_SEND_FUNCTION_RESPONSE, [msgId, error]],
      };
    }
  };
}

function admittedFunction(
  func: string,
  known: ReadonlySet<string>,
  policy: FunctionPolicy,
): string {
  if (known.has(func)) return func;
  const at = func.lastIndexOf("::");
  if (at <= 0) {
    const list = [...known].filter((name) => !name.startsWith("$")).sort().join(", ");
    throw refused(func, `the server knows ${list || "no function"}`);
  }
  return `${admittedModule(func, func.slice(0, at), policy)}::${func.slice(at + 2)}`;
}

function admittedReference(
  name: string,
  reference: unknown,
  policy: FunctionPolicy,
): FunctionReference {
  const { kind, specifier, export: exportName, text } = Object(reference);
  if (kind === "source" && typeof text === "string") {
    if (policy.functions === "source") return { kind, text };
    throw refused(name, 'code of clients is run only with `functions: "source"`');
  }
  if (kind === "module" && typeof specifier === "string" && typeof exportName === "string") {
    return { kind, specifier: admittedModule(name, specifier, policy), export: exportName };
  }
  throw refused(name, "it is no function that a client can name");
}

/** The specifier of a module as the server's workers load it. */
function admittedModule(name: string, specifier: string, policy: FunctionPolicy): string {
  const { functions, modules, rootUrl } = policy;
  if (!namingModes.includes(functions)) {
    throw refused(
      name,
      'clients name modules only with `functions: "modules"` and a list `modules`',
    );
  }
  const url = resolveModule(specifier, rootUrl);
  if (functions === "source") return url;
  // What leads elsewhere for a file system or a package is not covered by what it begins with.
  const isPlain = !/%2f|%5c|\\|\/\.\.?(?:\/|$)/i.test(url);
  if (isPlain && modules.some((prefix) => covers(resolveModule(prefix, rootUrl), url))) return url;
  throw refused(name, `${url} is none of the server's \`modules\``);
}

function resolveModule(specifier: string, rootUrl: string): string {
  if (/^\.{0,2}\//.test(specifier)) return new URL(specifier, rootUrl).href;
  return /^(?:file|https?):/.test(specifier) && URL.canParse(specifier)
    ? new URL(specifier).href
    : specifier;
}

/** A prefix ends where a part of the specifier ends: `npm:left` does not cover `npm:left-pad`. */
function covers(prefix: string, url: string): boolean {
  if (prefix === "" || !url.startsWith(prefix)) return false;
  return url.length === prefix.length || /[:/]$/.test(prefix) || /[/?#@]/.test(url[prefix.length]!);
}

function refused(name: string, reason: string): InvalidArgumentError {
  return new InvalidArgumentError(`The server does not run \`${name}\`: ${reason}`);
}

/**
 * Checks what a server says of the functions that clients may have run.
 *
 * @throws {InvalidArgumentError} If it makes no sense.
 */
export function checkFunctionMode(functions: string, modules: readonly string[]): void {
  const known: readonly string[] = ["registered", ...namingModes];
  if (!known.includes(functions)) {
    throw new InvalidArgumentError(
      `Cannot serve: \`functions\` is one of ${known.join(", ")}, got ${JSON.stringify(functions)}`,
    );
  }
  if (functions === "modules" && modules.length === 0) {
    throw new InvalidArgumentError(
      'Cannot serve: with `functions: "modules"` the list `modules` says which, such as ["./nodes/"]',
    );
  }
}
