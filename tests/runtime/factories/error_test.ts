import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  FactoryArgsError,
  FunctionSignatureError,
  httpError,
  NodeInputError,
} from "../../../runtime/factories/error.ts";
import { NetrunError } from "../../../sim/error.ts";

Deno.test("codes are stable and details are fields", () => {
  const error = new NodeInputError("add", "a", "holds nothing");
  assertEquals(error instanceof NetrunError, true);
  assertEquals(error.toJSON(), {
    code: "NodeInput",
    nodeName: "add",
    port: "a",
    message: 'Input port "a" of node "add": holds nothing',
  });
  const signature = new FunctionSignatureError("rest_parameter", "./n.ts::f", "…", {
    location: { file: "/n.ts", line: 7 },
  });
  assertEquals(signature.code, "rest_parameter");
  assertStringIncludes(signature.message, "(/n.ts:7)");
});

Deno.test("refused arguments are shown with their paths", () => {
  const error = new FactoryArgsError("f", [
    { path: ["ports", 1], message: "is wrong" },
    { path: ["by", "a"], message: "too" },
    { path: [], message: "all in all" },
  ]);
  assertStringIncludes(error.message, "ports[1] is wrong; by.a too; all in all");
});

const statuses: [status: number, retryable: boolean][] = [
  [400, false],
  [404, false],
  [408, true],
  [425, true],
  [429, true],
  [500, true],
  [503, true],
];
for (const [status, retryable] of statuses) {
  Deno.test(`a response with status ${status} is ${retryable ? "" : "not "}worth another attempt`, async () => {
    const error = await httpError(new Response("why", { status }));
    assertEquals([error.status, error.retryable, error.body], [status, retryable, "why"]);
  });
}

Deno.test("Retry-After counts as seconds or as a date, and only where another attempt makes sense", async () => {
  const afterOf = async (status: number, header: string) =>
    (await httpError(new Response(null, { status, headers: { "Retry-After": header } })))
      .retryAfter;
  assertEquals(await afterOf(503, "120"), 120);
  assertEquals(await afterOf(404, "120"), undefined);
  assertEquals(await afterOf(429, "soon"), undefined);
  assertEquals(await afterOf(429, new Date(0).toUTCString()), 0);
});

Deno.test("of a long answer only the first kilobyte is read, and the rest is not waited for", async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(700).fill(65)),
    cancel: () => void (cancelled = true),
  });
  const error = await httpError(new Response(body, { status: 500 }));
  assertEquals([error.body.length, cancelled], [1024, true]);
});
