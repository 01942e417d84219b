import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import fc from "fast-check";
import { InvalidArgumentError } from "../../../sim/error.ts";
import {
  errorMessage,
  errorRecord,
  errorType,
  fromErrorRecord,
} from "../../../runtime/execution/error_record.ts";

Deno.test("the type of an error is its class, whether or not that sets a name", () => {
  class Plain extends Error {}
  class Named extends Error {
    override name = "GivenName";
  }
  assertEquals(
    [new Error(), new TypeError(), new Plain(), new Named(), new InvalidArgumentError("x"), null, 3]
      .map(errorType),
    ["Error", "TypeError", "Plain", "GivenName", "InvalidArgumentError", "object", "number"],
  );
  assertEquals(errorType(new DOMException("x", "AbortError")), "AbortError");
});

Deno.test("whatever was thrown has a message", () => {
  assertEquals([new Error("a"), "b", { code: 3 }, undefined].map(errorMessage), [
    "a",
    "b",
    "{ code: 3 }",
    "undefined",
  ]);
});

Deno.test("a record keeps code, stack and causes", () => {
  const cause = new RangeError("far");
  const record = errorRecord(new InvalidArgumentError("bad", { cause }));
  assertEquals([record.type, record.message, record.code], [
    "InvalidArgumentError",
    "bad",
    "InvalidArgument",
  ]);
  assert(record.stack?.includes("error_record_test.ts"));
  assertEquals([record.cause?.type, record.cause?.message], ["RangeError", "far"]);
  assertEquals(errorRecord("text"), { type: "string", message: "text" });
});

Deno.test("causes in a circle end somewhere", () => {
  const error = new Error("a");
  error.cause = new Error("b", { cause: error });
  JSON.stringify(errorRecord(error));
});

Deno.test("an error comes back from its record with class, name, stack and causes", () => {
  const record = errorRecord(new SyntaxError("x", { cause: new InvalidArgumentError("y") }));
  const error = fromErrorRecord(record);
  assertInstanceOf(error, SyntaxError);
  const cause = error.cause as Error & { code?: unknown };
  assertEquals([cause.name, cause.message, cause.code], [
    "InvalidArgumentError",
    "y",
    "InvalidArgument",
  ]);
  assertEquals(errorRecord(error), record);
});

Deno.test("no thrown value breaks the record", () => {
  fc.assert(fc.property(fc.anything(), (thrown) => {
    const record = errorRecord(thrown);
    assert(typeof record.type === "string" && typeof record.message === "string");
  }));
});
