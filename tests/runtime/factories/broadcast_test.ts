import {
  assert,
  assertEquals,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import { copyValue } from "../../../runtime/factories/copy_value.ts";
import { NodeInputError, NodeOutputError } from "../../../runtime/factories/error.ts";
import { makeNode, runNode } from "./_run_node.ts";

function broadcast(factory_args: Record<string, unknown>) {
  return makeNode({ factory: "netrun:broadcast", factory_args });
}

Deno.test("every output gets the packet", async () => {
  const made = await broadcast({ num_outputs: 3 });
  const { salvos } = await runNode(made, { in_0: [7] });
  assertEquals(salvos, [{ out_0: [7], out_1: [7], out_2: [7] }]);
});

Deno.test("none hands on the same object, shallow a new one, deep new members too", async () => {
  const value = { member: { n: 1 } };
  const copies = async (copy_mode: string) => {
    const { outputs } = await runNode(await broadcast({ copy_mode }), { in_0: [value] });
    return [outputs.out_0![0], outputs.out_1![0]] as (typeof value)[];
  };
  for (const copy of await copies("none")) assertStrictEquals(copy, value);
  for (const copy of await copies("shallow")) {
    assertNotStrictEquals(copy, value);
    assertStrictEquals(copy.member, value.member);
  }
  for (const copy of await copies("deep")) {
    assertNotStrictEquals(copy.member, value.member);
    assertEquals(copy, value);
  }
});

class Point {
  constructor(readonly x: number) {}
}

Deno.test("shallow keeps the kind of an object, and leaves alone what it cannot copy", () => {
  const point = copyValue(new Point(3), "shallow") as Point;
  assert(point instanceof Point);
  assertEquals(point.x, 3);
  const map = new Map([[1, {}]]);
  const copy = copyValue(map, "shallow") as typeof map;
  assertNotStrictEquals(copy, map);
  assertStrictEquals(copy.get(1), map.get(1));
  assertEquals(copyValue(new Set([1]), "shallow"), new Set([1]));
  assertEquals(copyValue(new Date(5), "shallow"), new Date(5));
  assertEquals(copyValue([1, 2], "shallow"), [1, 2]);
  const bytes = new Uint8Array(2);
  assertStrictEquals(copyValue(bytes, "shallow"), bytes);
  assertEquals(copyValue("text", "shallow"), "text");
});

Deno.test("deep names the member that cannot be cloned", async () => {
  const made = await broadcast({ copy_mode: "deep" });
  const error = await assertRejects(
    () => runNode(made, { in_0: [{ rows: [{ ok: 1 }, { total: () => 1 }] }] }),
    NodeOutputError,
  );
  assertStringIncludes(error.message, "rows[1].total");
  await assertRejects(() => runNode(made, { in_0: [() => 1] }), NodeOutputError, "the value");
  await assertRejects(
    () => runNode(made, { in_0: [new Map([["f", () => 1]])] }),
    NodeOutputError,
    'get("f")',
  );
});

Deno.test("an epoch without a packet is refused", async () => {
  await assertRejects(
    async () => runNode(await broadcast({}), { in_0: [] }),
    NodeInputError,
    "nothing to copy",
  );
});
