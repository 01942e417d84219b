import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { SharedTexts } from "../../../runtime/rpc/shared_texts.ts";

/** Both ends of one queue. */
function ends(): { writer: SharedTexts; reader: SharedTexts } {
  const writer = new SharedTexts();
  return { writer, reader: new SharedTexts(writer.memory) };
}

function takeAll(reader: SharedTexts): string[] {
  const texts: string[] = [];
  while (reader.take((text) => texts.push(text))) { /* Until there are no more. */ }
  return texts;
}

Deno.test("texts come out in order, and the reader has to be told of the first only", () => {
  const { writer, reader } = ends();
  assertEquals(["a", "ü", "𝄞"].map((text) => writer.write(text)), ["first", "more", "more"]);
  assertEquals(takeAll(reader), ["a", "ü", "𝄞"]);
  assertEquals(takeAll(reader), []);
  assertEquals(writer.write("b"), "first");
  assertEquals(takeAll(reader), ["b"]);
});

Deno.test("whoever takes is told of what has come meanwhile, once", () => {
  const { writer, reader } = ends();
  writer.write("a");
  const texts: string[] = [];
  const taken = (text: string) => {
    if (texts.push(text) === 1) assertEquals(writer.write("b"), "more");
  };
  assertEquals(reader.take(taken), true);
  assertEquals(texts, ["a"]);
  assertEquals(reader.take(taken), false);
  assertEquals(texts, ["a", "b"]);
});

Deno.test("a text is taken once, also if taking it leads to taking", () => {
  const { writer, reader } = ends();
  writer.write("a");
  writer.write("b");
  const texts: string[] = [];
  reader.take((text) => {
    texts.push(text);
    assertEquals(reader.take((inner) => texts.push(inner)), false);
  });
  assertEquals(texts, ["a", "b"]);
});

Deno.test("behind a post no text is written until the post was seen", () => {
  const { writer, reader } = ends();
  writer.write("before");
  writer.posted();
  assertEquals(writer.write("behind"), "full");
  assertEquals(takeAll(reader), ["before"]);
  assertEquals(writer.write("behind"), "full");
  reader.sawPost();
  assertEquals(writer.write("behind"), "first");
});

Deno.test("whatever is written fits or is refused, and what fits comes out whole", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 50 }),
    fc.nat(60_000).map((length) => "ü".repeat(length)),
  );
  const step = fc.oneof(text, fc.constant(undefined));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { writer, reader } = ends();
      const expected: string[] = [];
      const taken: string[] = [];
      for (const text of steps) {
        if (text === undefined) taken.push(...takeAll(reader));
        else if (writer.write(text) !== "full") expected.push(text);
      }
      assertEquals([...taken, ...takeAll(reader)], expected);
    }),
    { numRuns: 50 },
  );
});
