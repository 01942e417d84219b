/**
 * Terms of salvo conditions as text: `left.non_empty and not (right >= 3)`.
 *
 * @module
 */
import { asObject, type RawObject } from "../../runtime/tools/raw_net.ts";

/** What reading a term gives: the term, or what is wrong and where. */
export type TermReading =
  | { readonly term: RawObject }
  | { readonly message: string; readonly start: number; readonly end: number };

const FILL_STATES = ["non_empty", "empty", "full", "non_full"];
const COMPARISONS: ReadonlyMap<string, string> = new Map([
  ["==", "equals"],
  ["<=", "equals_or_less_than"],
  [">=", "equals_or_greater_than"],
  ["<", "less_than"],
  [">", "greater_than"],
]);
const SIGNS = new Map([...COMPARISONS].map(([sign, state]) => [state, sign]));
const KEYWORDS = new Set(["and", "or", "not", "true", "false"]);
const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;
const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([\p{L}_][\p{L}\p{N}_]*)|(\d+)|(==|<=|>=|[<>().,]))/uy;

interface Token {
  readonly kind: "quoted" | "word" | "number" | "sign" | "end";
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

class TermSyntaxError extends Error {
  constructor(message: string, readonly start: number, readonly end: number) {
    super(message);
  }
}

/**
 * The text of a term.
 *
 * @returns The text, which {@linkcode parseTerm} reads back as the same term; undefined if the term
 * holds references or is malformed.
 */
export function printTerm(term: unknown): string | undefined {
  try {
    return print(term, 0);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** How tightly the operators bind. */
const BINDING: Readonly<Record<string, number>> = { or: 1, and: 2, not: 3 };

function print(value: unknown, around: number): string {
  const term = asObject(value);
  const type = term?.get("type");
  switch (type) {
    case "true":
    case "false":
      return type;
    case "port":
      return printPort(term!);
    case "not": {
      return bracketed(`not ${print(term!.get("term"), BINDING.not!)}`, BINDING.not! < around);
    }
    case "and":
    case "or": {
      const terms = term!.get("terms");
      if (!Array.isArray(terms)) break;
      const binding = BINDING[type]!;
      if (terms.length < 2) return `${type}(${terms.map((part) => print(part, 0)).join(", ")})`;
      const parts = terms.map((part) => print(part, binding + 1));
      return bracketed(parts.join(` ${type} `), binding < around);
    }
  }
  throw new TypeError("no term");
}

function bracketed(text: string, isNeeded: boolean): string {
  return isNeeded ? `(${text})` : text;
}

function printPort(term: RawObject): string {
  const name = term.get("port_name");
  const state = asObject(term.get("state"));
  const type = state?.get("type");
  if (typeof name !== "string" || typeof type !== "string") throw new TypeError("no term");
  const port = printPortName(name);
  if (FILL_STATES.includes(type)) return `${port}.${type}`;
  const value = state!.get("value");
  const sign = SIGNS.get(type);
  if (sign === undefined || !Number.isSafeInteger(value)) throw new TypeError("no term");
  return `${port} ${sign} ${value}`;
}

/** A port's name as terms write it: in quotes if it is no identifier. */
export function printPortName(name: string): string {
  const isPlain = IDENTIFIER.test(name) && !KEYWORDS.has(name.toLowerCase());
  return isPlain ? name : JSON.stringify(name);
}

/**
 * Reads a term.
 *
 * `or` binds least, then `and`, then `not`; keywords may be written in any case. Port names that are
 * no identifiers stand in quotes.
 *
 * @param text The text.
 * @param ports The ports that may be named; with none given, any name will do.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const reading = parseTerm('"a.b" >= 2');
 * assertEquals("term" in reading && printTerm(reading.term), '"a.b" >= 2');
 * assertEquals(parseTerm("left.nonempty"), {
 *   message: "`nonempty` is no state of a port; use non_empty, empty, full or non_full",
 *   start: 5,
 *   end: 13,
 * });
 * ```
 */
export function parseTerm(text: string, ports?: readonly string[]): TermReading {
  try {
    return { term: new TermParser(tokensOf(text), ports).whole() };
  } catch (error) {
    if (!(error instanceof TermSyntaxError)) throw error;
    const { message, start, end } = error;
    return { message, start, end };
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0;;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) {
      const rest = text.slice(at).trimStart();
      const start = text.length - rest.length;
      if (rest === "") return [...tokens, { kind: "end", text: "", start, end: start }];
      const message = rest.startsWith('"')
        ? "this name is not closed; it ends with a quote"
        : `\`${[...rest][0]}\` has no meaning here`;
      throw new TermSyntaxError(message, start, rest.startsWith('"') ? text.length : start + 1);
    }
    const [all, quoted, word, number, sign] = match;
    const content = (quoted ?? word ?? number ?? sign)!;
    const end = at + all.length;
    const kind = quoted ? "quoted" : word ? "word" : number ? "number" : "sign";
    tokens.push({ kind, text: content, start: end - content.length, end });
    at = end;
  }
}

/** Deeper nesting would overflow the stack of whoever walks the term. */
const MAX_DEPTH = 200;

class TermParser {
  #at = 0;
  #depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly ports: readonly string[] | undefined,
  ) {}

  whole(): RawObject {
    if (this.#isAtEnd()) this.#refuse("a term is missing; `true` always holds");
    const term = this.#compound("or");
    if (this.#isAtEnd()) return term;
    return this.#refuse(`expected \`and\`, \`or\` or the end, found \`${this.#next.text}\``);
  }

  get #next(): Token {
    return this.tokens[this.#at]!;
  }

  #compound(type: "and" | "or"): RawObject {
    const part = () => type === "or" ? this.#compound("and") : this.#negation();
    const terms = [part()];
    while (this.#isKeyword(type)) {
      this.#at++;
      terms.push(part());
    }
    return terms.length === 1 ? terms[0]! : new Map<string, unknown>([["type", type], [
      "terms",
      terms,
    ]]);
  }

  #negation(): RawObject {
    if (++this.#depth > MAX_DEPTH) this.#refuse("this term is nested too deeply");
    try {
      if (!this.#isKeyword("not")) return this.#primary();
      this.#at++;
      return new Map<string, unknown>([["type", "not"], ["term", this.#negation()]]);
    } finally {
      this.#depth--;
    }
  }

  #primary(): RawObject {
    const token = this.#next;
    const word = token.kind === "word" ? token.text.toLowerCase() : undefined;
    if (word === "true" || word === "false") {
      this.#at++;
      return new Map([["type", word]]);
    }
    if (this.#takes("(")) return this.#closed(this.#compound("or"));
    if (word === "and" || word === "or") return this.#listed(word);
    if (token.kind === "quoted" || token.kind === "word") return this.#port();
    return this.#refuse(
      token.kind === "end"
        ? "the term ends too early; a port, `true`, `false` or `(` must follow"
        : `expected a port, \`true\`, \`false\` or \`(\`, found \`${token.text}\``,
    );
  }

  /** `and()` and `or(x)`: the only way to write compounds of fewer than two parts. */
  #listed(type: "and" | "or"): RawObject {
    this.#at++;
    if (!this.#takes("(")) this.#refuse(`before \`${type}\` a term is missing`, this.#at - 1);
    const terms: RawObject[] = [];
    while (!this.#takes(")")) {
      terms.push(this.#compound("or"));
      if (!this.#takes(",") && !this.#isSign(")")) this.#refuse("a closing `)` is missing");
    }
    return new Map<string, unknown>([["type", type], ["terms", terms]]);
  }

  #closed(term: RawObject): RawObject {
    if (!this.#takes(")")) this.#refuse("a closing `)` is missing");
    return term;
  }

  #port(): RawObject {
    const token = this.#next;
    const name = token.kind === "quoted" ? this.#unquote(token) : token.text;
    const dotted = token.kind === "word" ? this.#dottedName(name) : undefined;
    if (dotted !== undefined) {
      this.#refuse(`names with dots stand in quotes: \`${printPortName(dotted)}\``);
    }
    if (this.ports && !this.ports.includes(name)) {
      const known = this.ports.map(printPortName).join(", ");
      this.#refuse(
        this.ports.length === 0
          ? `there is no port \`${name}\`: this side of the node has none`
          : `there is no port \`${name}\`; there are: ${known}`,
      );
    }
    this.#at++;
    const state = this.#state(token);
    return new Map<string, unknown>([["type", "port"], ["port_name", name], ["state", state]]);
  }

  /** The port that is meant where a name with a dot stands without quotes. */
  #dottedName(name: string): string | undefined {
    const [dot, rest] = [this.tokens[this.#at + 1], this.tokens[this.#at + 2]];
    if (dot?.text !== "." || rest?.kind !== "word" || FILL_STATES.includes(rest.text)) return;
    const dotted = `${name}.${rest.text}`;
    return this.ports?.find((port) => port === dotted || port.startsWith(`${dotted}.`));
  }

  #state(port: Token): RawObject {
    if (this.#takes(".")) {
      const state = this.#next;
      if (!FILL_STATES.includes(state.text)) {
        this.#refuse(
          `\`${state.text}\` is no state of a port; use non_empty, empty, full or non_full`,
        );
      }
      this.#at++;
      return new Map([["type", state.text]]);
    }
    const comparison = this.#next.kind === "sign" ? COMPARISONS.get(this.#next.text) : undefined;
    if (comparison === undefined) {
      const message = `after port ${port.text} must follow a state such as \`.non_empty\`, ` +
        "or a comparison such as `>= 2`";
      throw new TermSyntaxError(message, port.start, port.end);
    }
    this.#at++;
    const number = this.#next;
    if (number.kind !== "number") this.#refuse("a number of packets must follow");
    this.#at++;
    return new Map<string, unknown>([["type", comparison], ["value", Number(number.text)]]);
  }

  #unquote({ text, start, end }: Token): string {
    try {
      return JSON.parse(text);
    } catch {
      throw new TermSyntaxError("this name holds an escape that has no meaning", start, end);
    }
  }

  #isAtEnd(): boolean {
    return this.#next.kind === "end";
  }

  #isKeyword(word: string): boolean {
    return this.#next.kind === "word" && this.#next.text.toLowerCase() === word;
  }

  #isSign(sign: string): boolean {
    return this.#next.kind === "sign" && this.#next.text === sign;
  }

  #takes(sign: string): boolean {
    if (!this.#isSign(sign)) return false;
    this.#at++;
    return true;
  }

  #refuse(message: string, at = this.#at): never {
    const { start, end } = this.tokens[at]!;
    throw new TermSyntaxError(message, start, Math.max(end, start + 1));
  }
}
