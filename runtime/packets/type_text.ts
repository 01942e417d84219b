/**
 * Types written as text, the way Python or TypeScript has them: `int`, `list[int]`, `number[]`.
 *
 * @module
 */
import {
  anything,
  arrayOf,
  functionType,
  integer,
  intersection,
  isTagged,
  literal,
  mapOf,
  never,
  type ObjectMember,
  objectOf,
  plainObject,
  primitive,
  recordOf,
  setOf,
  simple,
  type TupleElement,
  tupleOf,
  type TypeCheck,
  union,
} from "./type_check.ts";

/** What stands for the names that a text does not explain. */
export interface TypeNames {
  /** The check for a name that means nothing to the language, such as that of a class. */
  named(name: string): TypeCheck;
  /** The check for a reference to code, such as `./t.ts::Shape`. */
  reference(reference: string): TypeCheck;
}

/**
 * Reads a type and returns its check, or undefined if the text is nothing that can be checked.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { anything } from "./type_check.ts";
 *
 * const names = { named: () => anything, reference: () => anything };
 * const check = parseType("list[int | None]", names)!;
 * assertEquals(check.check([1, null], 0), undefined);
 * assertEquals(check.check([1, "2"], 0)?.path, "[1]");
 * ```
 */
export function parseType(text: string, names: TypeNames): TypeCheck | undefined {
  const tokens = tokenize(text);
  if (tokens === undefined) return undefined;
  const parser = new TypeParser(tokens, names);
  try {
    return parser.parse();
  } catch (error) {
    if (error instanceof Unreadable || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The text is no type that can be checked. Never leaves this module. */
class Unreadable extends Error {}

const tokenPattern =
  /\s*(?:(\.\.\.|=>|[[\]{}<>()|&,;?:])|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(-?\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?n?)(?![\w$])|((?:(?:jsr|npm|node|https?|file|data):)?[\p{ID_Start}$_./@~][\p{ID_Continue}$./@~+%-]*(?:::[\p{ID_Continue}$]+)?))/uy;

interface Token {
  readonly kind: "mark" | "string" | "number" | "word";
  readonly text: string;
}

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  const pattern = new RegExp(tokenPattern);
  while (pattern.lastIndex < trimmed.length) {
    const match = pattern.exec(trimmed);
    if (match === null) return undefined;
    const [, mark, string, number, word] = match;
    if (mark !== undefined) tokens.push({ kind: "mark", text: mark });
    else if (string !== undefined) tokens.push({ kind: "string", text: string });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else tokens.push({ kind: "word", text: word! });
  }
  return tokens;
}

/** Recursive descent over the tokens of one type. */
class TypeParser {
  readonly #tokens: readonly Token[];
  readonly #names: TypeNames;
  #next = 0;

  constructor(tokens: readonly Token[], names: TypeNames) {
    this.#tokens = tokens;
    this.#names = names;
  }

  parse(): TypeCheck {
    const check = this.#type();
    if (this.#next < this.#tokens.length) throw new Unreadable();
    return check;
  }

  #type(): TypeCheck {
    this.#take("|");
    const options = this.#list("|", () => this.#list("&", () => this.#postfix(), intersection));
    return options;
  }

  #list(
    mark: string,
    part: () => TypeCheck,
    join: (parts: TypeCheck[]) => TypeCheck = union,
  ): TypeCheck {
    const parts = [part()];
    while (this.#take(mark)) parts.push(part());
    return parts.length === 1 ? parts[0]! : join(parts);
  }

  #postfix(): TypeCheck {
    if (this.#word("readonly")) return this.#postfix();
    let check = this.#primary();
    while (this.#peek("[") && this.#peek("]", 1)) {
      this.#next += 2;
      check = arrayOf(check);
    }
    return check;
  }

  #primary(): TypeCheck {
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw new Unreadable();
    switch (token.kind) {
      case "string":
        return literal(unquote(token.text));
      case "number":
        return literal(readNumber(token.text));
      case "word":
        return this.#name(token.text);
    }
    switch (token.text) {
      case "(": {
        const check = this.#type();
        this.#expect(")");
        if (this.#peek("=>")) throw new Unreadable();
        return check;
      }
      case "[":
        return tupleOf(this.#elements("]"));
      case "{":
        return this.#object();
    }
    throw new Unreadable();
  }

  #name(word: string): TypeCheck {
    if (word.includes("::")) return this.#names.reference(word);
    if (/[/@~%+-]/.test(word)) throw new Unreadable();
    const name = word.replace(/^(?:typing|builtins|collections\.abc|datetime)\./, "");
    const close = this.#peek("[") && !this.#peek("]", 1) ? "]" : this.#peek("<") ? ">" : undefined;
    if (close === undefined) {
      return plainNames.get(name) ?? this.#names.named(name.slice(name.lastIndexOf(".") + 1));
    }
    this.#next++;
    const args = this.#elements(close);
    const generic = genericNames.get(name);
    return generic ? generic(args) : this.#names.named(name.slice(name.lastIndexOf(".") + 1));
  }

  /** `A, B?, ...C[], name: D` up to the closing mark. In Python, `...` alone repeats the last. */
  #elements(close: string): TupleElement[] {
    const elements: TupleElement[] = [];
    while (!this.#take(close)) {
      const spread = this.#take("...");
      if (spread && this.#peek(close)) {
        const last = elements.pop();
        if (last === undefined) throw new Unreadable();
        elements.push({ check: last.check, rest: true });
      } else {
        elements.push(this.#element(spread));
      }
      if (!this.#take(",")) {
        this.#expect(close);
        return elements;
      }
    }
    return elements;
  }

  #element(spread: boolean): TupleElement {
    const labelled = this.#tokens[this.#next]?.kind === "word" &&
      (this.#peek(":", 1) || (this.#peek("?", 1) && this.#peek(":", 2)));
    let optional = false;
    if (labelled) {
      this.#next++;
      optional = this.#take("?");
      this.#expect(":");
    }
    if (spread) return { check: this.#spreadElement(), rest: true };
    const check = this.#type();
    return { check, optional: this.#take("?") || optional };
  }

  /** The element of `C[]` or `Array<C>` after `...`. */
  #spreadElement(): TypeCheck {
    const start = this.#next;
    this.#type();
    const end = this.#next;
    const isArray = this.#tokens[end - 2]?.text === "[" && this.#tokens[end - 1]?.text === "]";
    if (!isArray) throw new Unreadable();
    return new TypeParser(this.#tokens.slice(start, end - 2), this.#names).parse();
  }

  /** `{ a: A; b?: B; [key: string]: C }`, after the opening brace. */
  #object(): TypeCheck {
    const members: ObjectMember[] = [];
    let index: TypeCheck | undefined;
    while (!this.#take("}")) {
      this.#word("readonly");
      if (this.#take("[")) {
        this.#next++;
        this.#expect(":");
        this.#type();
        this.#expect("]");
        this.#expect(":");
        index = this.#type();
      } else {
        const token = this.#tokens[this.#next++];
        if (token === undefined || token.kind === "mark") throw new Unreadable();
        const name = token.kind === "string" ? unquote(token.text) : token.text;
        const optional = this.#take("?");
        this.#expect(":");
        members.push({ name, check: this.#type(), optional });
      }
      if (!this.#take(";") && !this.#take(",") && !this.#peek("}")) throw new Unreadable();
    }
    return objectOf(members, index);
  }

  #peek(mark: string, ahead = 0): boolean {
    const token = this.#tokens[this.#next + ahead];
    return token?.kind === "mark" && token.text === mark;
  }

  #take(mark: string): boolean {
    const found = this.#peek(mark);
    if (found) this.#next++;
    return found;
  }

  #expect(mark: string): void {
    if (!this.#take(mark)) throw new Unreadable();
  }

  /** Takes a word that is a modifier, which it is only if a type follows. */
  #word(text: string): boolean {
    const [token, after] = [this.#tokens[this.#next], this.#tokens[this.#next + 1]];
    const found = token?.kind === "word" && token.text === text &&
      (after?.kind === "word" || after?.text === "[" || after?.text === "(");
    if (found) this.#next++;
    return found;
  }
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, "$1");
}

function readNumber(text: string): number | bigint {
  const digits = text.replaceAll("_", "");
  if (!digits.endsWith("n")) return Number(digits);
  if (!/^-?\d+n$/.test(digits)) throw new Unreadable();
  return BigInt(digits.slice(0, -1));
}

const tagged = (tag: string, name: string = tag) => simple(name, (value) => isTagged(value, tag));

/** Names that mean a type by themselves, of both languages. */
const plainNames: ReadonlyMap<string, TypeCheck> = new Map([
  ...each(["Any", "any", "unknown"], () => anything),
  ...each(["int", "integer"], () => integer),
  ...each(["float", "number"], (name) => primitive("number", name)),
  ...each(["str", "string"], (name) => primitive("string", name)),
  ...each(["bool", "boolean"], (name) => primitive("boolean", name)),
  ...each(["None", "NoneType", "null"], (name) => primitive("null", name)),
  ...each(["undefined", "void"], (name) => primitive("undefined", name)),
  ...each(["bigint", "symbol"] as const, (name) => primitive(name)),
  ...each(
    ["list", "array", "tuple", "List", "Array", "Tuple", "Sequence"],
    (name) => arrayOf(anything, name),
  ),
  ...each(["dict", "object", "Dict", "Mapping"], (name) => ({ ...plainObject, name })),
  ...each(["set", "frozenset", "Set"], (name) => tagged("Set", name)),
  ...each(["date", "datetime"], (name) => tagged("Date", name)),
  ...each(["true", "True"], () => literal(true)),
  ...each(["false", "False"], () => literal(false)),
  ...each(["never", "Never", "NoReturn"], () => never),
  ...each(["function", "Function", "Callable"], () => functionType),
  ["bytes", tagged("Uint8Array", "bytes")],
  ["Map", tagged("Map")],
]);

type Generic = (args: readonly TupleElement[]) => TypeCheck;

/** Names that mean a type together with their arguments, of both languages. */
const genericNames: ReadonlyMap<string, Generic> = new Map([
  ...each(
    ["list", "array", "List", "Array", "ReadonlyArray", "Sequence"],
    (): Generic => (args) => arrayOf(argument(args, 0)),
  ),
  ...each(
    ["dict", "Dict", "Mapping"],
    (): Generic => (args) => recordOf(argument(args, 0), argument(args, 1), true),
  ),
  ...each(
    ["set", "frozenset", "Set", "FrozenSet", "ReadonlySet"],
    (): Generic => (args) => setOf(argument(args, 0)),
  ),
  ...each(
    ["Map", "ReadonlyMap"],
    (): Generic => (args) => mapOf(argument(args, 0), argument(args, 1)),
  ),
  ...each(["tuple", "Tuple"], (): Generic => tupleOf),
  ...each(["Union", "Literal"], (): Generic => (args) => union(args.map(({ check }) => check))),
  ...each(["Readonly", "Annotated", "Final"], (): Generic => (args) => argument(args, 0)),
  ...each(["Record"], (): Generic => (args) => recordOf(argument(args, 0), argument(args, 1))),
  ...each(
    ["Optional"],
    (): Generic => (args) => union([argument(args, 0), primitive("null", "None")]),
  ),
  ...each(["Callable"], (): Generic => () => functionType),
]);

function each<Name extends string, T>(
  names: readonly Name[],
  make: (name: Name) => T,
): [string, T][] {
  return names.map((name) => [name, make(name)]);
}

function argument(args: readonly TupleElement[], index: number): TypeCheck {
  const element = args[index];
  if (element === undefined) throw new Unreadable();
  return element.check;
}
