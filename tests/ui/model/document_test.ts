import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import {
  editData,
  objectAtPath,
  type RawObject,
  sameData,
  setAtPath,
  valueAtPath,
} from "../../../ui/model/document.ts";
import { isDirty, markSaved, newHistory, record, redo, undo } from "../../../ui/model/history.ts";
import { chain } from "./_documents.ts";

const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    fc.integer(),
    fc.string({ maxLength: 4 }),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.array(fc.tuple(fc.string({ maxLength: 3 }), tie("tree")), { maxLength: 4 })
      .map((members) => new Map(members)),
  ),
}));
const documents = fc.array(fc.tuple(fc.string({ maxLength: 3 }), tree), { maxLength: 6 })
  .map((members): RawObject => new Map(members));

Deno.test("an edit that changes nothing gives the very same document, also by writing equal data", () => {
  fc.assert(fc.property(documents, (data) => {
    assertStrictEquals(editData(data, () => {}), data);
    const rewritten = editData(data, (draft) => {
      const members = [...draft];
      draft.clear();
      for (const [key, value] of members) draft.set(key, value);
    });
    assertStrictEquals(rewritten, data);
  }));
});

Deno.test("an edit leaves the document before as it was and shares every part that it did not touch", () => {
  const before = chain();
  const copy = editData(before, (draft) => draft.set("touched", 1));
  const after = editData(before, (draft) => {
    const nodes = valueAtPath(draft, ["graph", "nodes"]) as unknown[];
    nodes.splice(0, 1);
  });
  assertEquals((valueAtPath(before, ["graph", "nodes"]) as unknown[]).length, 3);
  assertStrictEquals(
    valueAtPath(after, ["graph", "nodes", 0]),
    valueAtPath(before, ["graph", "nodes", 1]),
  );
  assertStrictEquals(copy.get("graph"), before.get("graph"));
});

Deno.test("undo after any edits leads back to the first document itself, redo to the last", () => {
  const values = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), tree), { maxLength: 20 });
  fc.assert(fc.property(documents, values, (data, edits) => {
    let history = newHistory(data);
    for (const [key, value] of edits) {
      const next = editData(history.data, (draft) => draft.set(key, value));
      history = record(history, next, `Set ${key}`);
    }
    const last = history.data;
    const steps = history.past.length;
    for (let i = 0; i < steps; i++) history = undo(history);
    assertStrictEquals(history.data, data);
    assert(!isDirty(history));
    assertStrictEquals(undo(history), history);
    for (let i = 0; i < steps; i++) history = redo(history);
    assertStrictEquals(history.data, last);
  }));
});

Deno.test("a document is dirty until it is saved, and clean again where undo meets what was saved", () => {
  const edit = (history: ReturnType<typeof newHistory>, value: number) =>
    record(history, editData(history.data, (draft) => draft.set("retries", value)), "Set retries");
  let history = edit(newHistory(chain()), 1);
  assert(isDirty(history));
  history = edit(markSaved(history), 2);
  assert(isDirty(history));
  assert(!isDirty(undo(history)));
  assert(isDirty(undo(undo(history))));
});

Deno.test("two hundred steps and more can be undone", () => {
  let history = newHistory(chain());
  for (let i = 0; i < 250; i++) {
    history = record(history, editData(history.data, (draft) => draft.set("retries", i)), "Set");
  }
  for (let i = 0; i < 249; i++) history = undo(history);
  assertEquals(history.data.get("retries"), 0);
});

Deno.test("taking a value away takes objects with it that said nothing else, but no others", () => {
  const path = ["graph", "nodes", 0, "execution_config", "pools"];
  const after = editData(chain(), (draft) => setAtPath(draft, path, undefined));
  assertEquals([...valueAtPath(after, ["graph", "nodes", 0]) as RawObject].map(([key]) => key), [
    "name",
    "out_ports",
  ]);
  const ports = ["graph", "nodes", 0, "out_ports", "out"];
  const bare = editData(chain(), (draft) => setAtPath(draft, ports, undefined));
  assertEquals(valueAtPath(bare, ["graph", "nodes", 0, "out_ports"]), new Map());
});

Deno.test("data with keys in another order is not the same data", () => {
  assert(!sameData(new Map([["a", 1], ["b", 2]]), new Map([["b", 2], ["a", 1]])));
  assert(sameData(chain(), chain()));
  const draft: RawObject = new Map();
  objectAtPath(draft, ["graph", "extra"]).set("x", 1);
  assert(sameData(draft, new Map([["graph", new Map([["extra", new Map([["x", 1]])]])]])));
});
