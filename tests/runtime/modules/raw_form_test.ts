import { assertEquals } from "@std/assert";
import { isClearlyRaw, mayBeRaw, parametersOf } from "../../../runtime/modules/raw_form.ts";
import { SignatureReader } from "../../../runtime/modules/read_signatures.ts";

async function signature(text: string) {
  const module = `import { node } from "@netrun/netrun/node";\nexport ${text}`;
  const reader = new SignatureReader({ readText: () => Promise.resolve(module) });
  return (await reader.readExport("file:///nodes.ts", "f"))!;
}

for (
  const text of [
    "function f(ctx: NodeExecutionContext, packets: Record<string, string[]>): void {}",
    "const f = async (ctx: NodeExecutionContext) => {};",
    "function* f(_ctx: unknown, _packets: unknown) {}",
    "const f = (c: NodeExecutionContext, waiting: Record<string, PacketId[]>) => {};",
    "const f = (_, waiting) => {};",
    "const f = ({ createPacket }, packets) => {};",
    "function f(): void {}",
  ]
) {
  Deno.test(`may take (ctx, packets): ${text}`, async () => {
    assertEquals(mayBeRaw(await signature(text)), true);
  });
}

for (
  const [text, parameters] of [
    ["function f(row: number): number { return row; }", "(row)"],
    ["function f(left: number, right: number): number { return left + right; }", "(left, right)"],
    ["function f(ctx: NodeExecutionContext, row: number): number { return row; }", "(ctx, row)"],
    ["function f(ctx, packets, log) {}", "(ctx, packets, log)"],
    ["const f = () => 4;", "()"],
    ["const f = node({ in: {} }, () => 4);", "values"],
  ] as const
) {
  Deno.test(`does not take (ctx, packets): ${text}`, async () => {
    const read = await signature(text);
    assertEquals([mayBeRaw(read), parametersOf(read)], [false, parameters]);
  });
}

Deno.test("most functions on packets are recognised by their text", () => {
  const clear = [
    (_ctx: unknown) => {},
    async (_ctx: unknown, _packets: unknown) => await 0,
    function (_context: unknown, _packets: unknown) {},
  ];
  assertEquals(clear.map((fn) => isClearlyRaw(String(fn))), [true, true, true]);
  const others = [(row: number) => row, (_ctx: unknown, row: number) => row, () => {}];
  assertEquals(others.map((fn) => isClearlyRaw(String(fn))), [false, false, false]);
});
