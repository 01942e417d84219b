import { assertEquals } from "@std/assert";
import { BoundedTexts, type TextEntry } from "../../../runtime/pools/bounded_texts.ts";

const entry = (text: string): TextEntry => ({ timestamp: 1, text });

Deno.test("a few entries are kept as they are", () => {
  const texts = new BoundedTexts();
  assertEquals(texts.entries, []);
  texts.add([entry("a"), entry("b")]);
  assertEquals(texts.entries, [entry("a"), entry("b")]);
  assertEquals(texts.take(), [entry("a"), entry("b")]);
  assertEquals(texts.take(), []);
});

Deno.test("of many entries the newest 10,000 are kept, and the others counted", () => {
  const texts = new BoundedTexts<TextEntry & { isStdout: boolean }>();
  for (let i = 0; i < 35_000; i++) {
    texts.add([{ timestamp: i, text: `${i}`, isStdout: i % 2 === 0 }]);
  }
  const kept = texts.entries;
  assertEquals(kept[0], { timestamp: 25_000, text: "(25000 dropped)\n", isStdout: true });
  assertEquals([kept.length, kept[1]!.text, kept.at(-1)!.text], [10_001, "25000", "34999"]);
  texts.add([{ timestamp: 0, text: "one more", isStdout: true }]);
  assertEquals(texts.take()[0]!.text, "(25001 dropped)\n");
  assertEquals(texts.take(), []);
});

Deno.test("of long entries so many are kept as fit into 16 Mi characters, at least one", () => {
  const texts = new BoundedTexts();
  const mebi = "x".repeat(1 << 20);
  for (let i = 0; i < 100; i++) texts.add([entry(mebi)]);
  const { entries } = texts;
  assertEquals([entries.length, entries[0]!.text], [17, "(84 dropped)\n"]);
  texts.add([entry(mebi.repeat(17))]);
  const [note, only, ...rest] = texts.entries;
  assertEquals([note!.text, only!.text.length, rest.length], ["(100 dropped)\n", 17 << 20, 0]);
});
