import { assert, assertEquals } from "@std/assert";
import {
  formatEcho,
  formatFields,
  formatLog,
  formatPrint,
  formatTime,
} from "../../../runtime/execution/prints.ts";

Deno.test("strings are printed as they are, other values as console.log shows them", () => {
  assertEquals(formatPrint(["a\n'b'", 1n, undefined, ["c"]]), "a\n'b' 1n undefined [ \"c\" ]\n");
  assertEquals(formatPrint([]), "\n");
  assertEquals(formatPrint([1, 2], { sep: ", ", end: "." }), "1, 2.");
});

Deno.test("a value that cannot be shown does not break the print", () => {
  const hostile = {
    [Symbol.for("Deno.customInspect")]() {
      throw new Error("no");
    },
  };
  assertEquals(formatPrint(["got", hostile]), "got [not printable: no]\n");
});

Deno.test("a log line has message and fields, or whichever there is", () => {
  assertEquals(formatLog("step", { n: 1, kind: "a" }), "step | n=1 kind=a\n");
  assertEquals(formatLog("step"), "step\n");
  assertEquals(formatLog(undefined, { n: 1 }), "n=1\n");
  assertEquals(formatLog(), "\n");
});

Deno.test("each field stays on one line, however large", () => {
  const wide = formatFields({ rows: Array.from({ length: 90 }, (_, i) => ({ id: i })) });
  assert(!wide.includes("\n"), wide);
});

Deno.test("an echo has time and node, and no line end", () => {
  const timestamp = Date.UTC(2026, 5, 7, 23, 59, 58, 9);
  assertEquals(formatTime(timestamp), "23:59:58.009");
  assertEquals(formatEcho("A", { timestamp, text: "x \n" }), "[23:59:58.009] [A] x ");
  assertEquals(formatEcho("A", { timestamp, text: "two\nlines" }), "[23:59:58.009] [A] two\nlines");
});
