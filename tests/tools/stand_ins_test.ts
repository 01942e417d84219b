// What we rely on in @std. It holds for the genuine packages and for the stand-ins alike.
import {
  assert,
  assertAlmostEquals,
  assertArrayIncludes,
  assertEquals,
  assertExists,
  assertGreater,
  assertInstanceOf,
  AssertionError,
  assertLess,
  assertMatch,
  assertNotEquals,
  assertObjectMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  equal,
  fail,
  unreachable,
} from "@std/assert";
import { stripVTControlCharacters } from "node:util";
import { parseArgs } from "@std/cli";
import { parse, stringify } from "@std/toml";
import { decodeTime, monotonicUlid, ulid } from "@std/ulid";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;

/** Fails to compile unless both types are the same. */
function assertSameType<A, B>(_same: Same<A, B>): void {}

function assertFails(fn: () => unknown, message: string): void {
  const error = assertThrows(fn, AssertionError);
  assertStringIncludes(error.message, message);
}

Deno.test("equal() compares what is inside", () => {
  class Point {
    constructor(readonly x: number) {}
  }
  const pairs: Array<[unknown, unknown]> = [
    [{ a: [1, { b: NaN }] }, { a: [1, { b: NaN }] }],
    [new Map([["a", { x: 1 }]]), new Map([["a", { x: 1 }]])],
    [new Map([[{ k: 1 }, 1]]), new Map([[{ k: 1 }, 1]])],
    [new Set([1, 2]), new Set([2, 1])],
    [new Date(5), new Date(5)],
    [/a/g, /a/g],
    [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    [new Point(1), new Point(1)],
    [new URL("http://a/"), new URL("http://a/")],
  ];
  for (const [a, b] of pairs) assert(equal(a, b), Deno.inspect([a, b]));
});

Deno.test("equal() tells apart what differs", () => {
  class Point {
    constructor(readonly x: number) {}
  }
  const pairs: Array<[unknown, unknown]> = [
    [1, "1"],
    [1, 1n],
    [null, undefined],
    [{ a: undefined }, {}],
    [{ a: undefined }, { b: undefined }],
    [[1, 2], [2, 1]],
    [[], {}],
    [new Map([["a", 1]]), new Map([["a", 2]])],
    [new Set([1]), new Set([2])],
    [new Date(5), new Date(6)],
    [new Point(1), { x: 1 }],
    [new Uint8Array([1]), [1]],
    [{ [Symbol.for("a")]: 1 }, { [Symbol.for("a")]: 2 }],
  ];
  for (const [a, b] of pairs) assert(!equal(a, b), Deno.inspect([a, b]));
});

Deno.test("assertEquals() accepts -0 for 0 and objects without a prototype", () => {
  assertEquals(-0, 0);
  assertEquals(Object.assign(Object.create(null), { a: 1 }), { a: 1 });
  assertThrows(() => assertStrictEquals(-0, 0), AssertionError);
});

Deno.test("equal() survives values that contain themselves", () => {
  const ring = (): { self?: unknown; n: number } => {
    const value: { self?: unknown; n: number } = { n: 1 };
    value.self = value;
    return value;
  };
  assert(equal(ring(), ring()));
});

Deno.test("assertEquals() shows what differs, with its message", () => {
  const error = assertThrows(() => assertEquals({ a: 1, b: 2 }, { a: 1, b: 3 }, "sum"));
  assertInstanceOf(error, AssertionError);
  const message = stripVTControlCharacters(error.message);
  assertMatch(message, /^Values are not equal: sum/);
  assertMatch(message, /^-\s+b: 2,$/m);
  assertMatch(message, /^\+\s+b: 3,$/m);
});

Deno.test("each assertion fails on what it forbids", () => {
  assertFails(() => assert(0, "zero"), "zero");
  assertFails(() => assertNotEquals([1], [1]), "not to be");
  assertFails(() => assertExists(null), "null or undefined");
  assertFails(() => assertGreater(1, 1), "1 > 1");
  assertFails(() => assertLess(1, 1), "1 < 1");
  assertFails(() => assertAlmostEquals(1, 1.1), "close");
  assertFails(() => assertMatch("abc", /d/), "to match");
  assertFails(() => assertStringIncludes("abc", "d"), "to contain");
  assertFails(() => assertArrayIncludes([1, 2], [3]), "to include");
  assertFails(() => assertObjectMatch({ a: { b: 1, c: 2 } }, { a: { b: 2 } }), "not equal");
  assertFails(() => assertInstanceOf({}, Map), `an instance of "Map"`);
  assertFails(() => fail("reason"), "reason");
  assertFails(() => unreachable(), "nreachable");
});

Deno.test("each assertion passes what it allows, and narrows types", () => {
  assertAlmostEquals(0.1 + 0.2, 0.3);
  assertArrayIncludes([{ a: 1 }, { a: 2 }], [{ a: 2 }]);
  assertObjectMatch({ a: { b: 1, c: 2 }, list: [{ x: 1, y: 2 }] }, {
    a: { b: 1 },
    list: [{ x: 1 }],
  });
  const value = Math.random() < 2 ? new Map([["a", 1]]) : undefined;
  assertExists(value);
  assertSameType<typeof value, Map<string, number>>(true);
  const thing: unknown = new Date(1);
  assertInstanceOf(thing, Date);
  assertEquals(thing.getTime(), 1);
});

Deno.test("assertThrows() looks at class and message and returns the error", () => {
  const boom = () => {
    throw new RangeError("out of range: 7");
  };
  const error = assertThrows(boom, RangeError, "range: 7");
  assertSameType<typeof error, RangeError>(true);
  assertFails(() => assertThrows(() => {}), "to throw");
  assertFails(() => assertThrows(boom, TypeError), "TypeError");
  assertFails(() => assertThrows(boom, RangeError, "range: 8"), "range: 8");
});

Deno.test("assertRejects() wants a promise that rejects", async () => {
  const error = await assertRejects(() => Promise.reject(new RangeError("no")), RangeError, "no");
  assertSameType<typeof error, RangeError>(true);
  await assertRejects(() => assertRejects(() => Promise.resolve(1)), AssertionError, "to reject");
  const throws = (): Promise<void> => {
    throw new RangeError("at once");
  };
  await assertRejects(() => assertRejects(throws), AssertionError, "throws");
});

Deno.test("parseArgs() types what it is told to read", () => {
  const args = parseArgs(["--name", "7", "--tag=a", "--tag=b", "--quick", "file", "--", "x"], {
    string: ["name", "tag", "level"],
    boolean: ["quick", "slow"],
    collect: ["tag"],
    default: { level: "info" },
    "--": true,
  });
  assertSameType<typeof args.name, string | undefined>(true);
  assertSameType<typeof args.level, string>(true);
  assertSameType<typeof args.tag, string[]>(true);
  assertSameType<typeof args.quick, boolean>(true);
  assertSameType<typeof args._, Array<string | number>>(true);
  assertSameType<(typeof args)["--"], string[]>(true);
  assertEquals<unknown>(args, {
    _: ["file"],
    name: "7",
    tag: ["a", "b"],
    quick: true,
    slow: false,
    level: "info",
    "--": ["x"],
  });
});

Deno.test("parseArgs() negates only what is negatable", () => {
  assertEquals<unknown>(parseArgs(["--no-open"], { boolean: ["open"] }), {
    _: [],
    open: false,
    "no-open": true,
  });
  const args = parseArgs(["--no-color"], { string: ["color"], negatable: ["color"] });
  assertSameType<typeof args.color, string | false | undefined>(true);
  assertEquals(args.color, false);
});

Deno.test("parseArgs() takes an option called no-… for what it is, where it is declared", () => {
  const refuse = (argument: string): void => {
    throw new Error(`unknown: ${argument}`);
  };
  assertEquals<unknown>(
    parseArgs(["--no-validate"], { boolean: ["no-validate"], unknown: refuse }),
    {
      _: [],
      "no-validate": true,
    },
  );
});

Deno.test("parseArgs() reads numbers, unless the option is a string", () => {
  assertEquals<unknown>(parseArgs(["-n", "5", "1e3"]), { _: [1000], n: 5 });
  assertEquals<unknown>(parseArgs(["-n", "5", "1e3"], { string: ["n", "_"] }), {
    _: ["1e3"],
    n: "5",
  });
});

Deno.test("parseArgs() keeps the last value, under all names of an option", () => {
  assertEquals<unknown>(
    parseArgs(["-c", "a", "--config=b"], { string: ["config"], alias: { config: "c" } }),
    { _: [], c: "b", config: "b" },
  );
});

Deno.test("parseArgs() takes no lone - for a long option's value", () => {
  const read = (...args: string[]) => parseArgs(args, { string: ["output"] });
  assertEquals<unknown>(read("--output", "-"), { _: ["-"], output: "" });
  assertEquals<unknown>(read("--output=-"), { _: [], output: "-" });
  assertEquals<unknown>(read("--output="), { _: [], output: "" });
});

Deno.test("parseArgs() tells of what it does not know", () => {
  const told: unknown[] = [];
  const args = parseArgs(["--odd=1", "word", "--even"], {
    boolean: ["even"],
    unknown: (arg, key) => {
      told.push([arg, key]);
      return false;
    },
  });
  assertEquals<unknown>(args, { _: [], even: true });
  assertEquals(told, [["--odd=1", "odd"], ["word", undefined]]);
});

Deno.test("TOML is read into plain objects, numbers and dates", () => {
  const value = parse('n = 9007199254740993\nt = 1979-05-27T07:32:00Z\n[a]\nb = [1, 2.5, "x"]');
  assertEquals(value, {
    n: 9007199254740992,
    t: new Date("1979-05-27T07:32:00Z"),
    a: { b: [1, 2.5, "x"] },
  });
  assertEquals(Object.getPrototypeOf(value.a), Object.prototype);
  assertEquals(Object.getPrototypeOf(value.t), Date.prototype);
});

Deno.test("local TOML dates are UTC, local date-times the machine's, local times text", () => {
  assertEquals(parse("d = 1979-05-27\nt = 1979-05-27T07:32:00\nc = 07:32:00"), {
    d: new Date("1979-05-27"),
    t: new Date("1979-05-27T07:32:00"),
    c: "07:32:00",
  });
});

Deno.test("a TOML error is a SyntaxError with its line", () => {
  assertThrows(() => parse("a = 1\nb = = 2"), SyntaxError, "line 2");
});

Deno.test("what stringify() writes, parse() reads", () => {
  const value = {
    s: 'q"\n',
    n: -1.5,
    yes: true,
    list: [1, 2],
    mixed: [1, { a: "x" }],
    table: { "odd key": 1, deep: { x: 1 } },
    rows: [{ id: 1 }, { id: 2, more: { z: 0 } }],
  };
  assertEquals<unknown>(parse(stringify(value)), value);
});

Deno.test("stringify() writes values first, then tables, with empty lines between", () => {
  const text = stringify({ owner: { name: "Bob" }, title: "T", at: [1, 2] });
  assertEquals(text, 'title = "T"\nat = [1,2]\n\n[owner]\nname = "Bob"\n');
});

Deno.test("stringify() makes an empty table of null and leaves bigints out", () => {
  assertEquals(parse(stringify({ a: 1, none: null, big: 1n })), { a: 1, none: {} });
});

Deno.test("ULIDs carry their time and sort by it", () => {
  assertMatch(ulid(), /^[0-9A-HJKMNP-TV-Z]{26}$/);
  assertEquals(decodeTime(ulid(1_700_000_000_000)), 1_700_000_000_000);
  assertLess(ulid(1000), ulid(2000));
  const ids = Array.from({ length: 100 }, () => monotonicUlid(1_700_000_000_000));
  assertEquals(ids, [...new Set(ids)].sort());
});
