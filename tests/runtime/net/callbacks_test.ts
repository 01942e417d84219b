import { assert, assertEquals } from "@std/assert";
import { CallbackList } from "../../../runtime/net/callbacks.ts";

function makeList() {
  const failures: unknown[] = [];
  return { list: new CallbackList<[string]>((error) => failures.push(error)), failures };
}

Deno.test("callbacks are called in order of registration, each awaited before the next", async () => {
  const { list } = makeList();
  const seen: string[] = [];
  list.add(async (id) => {
    await Promise.resolve();
    seen.push(`a ${id}`);
  });
  list.add((id) => seen.push(`b ${id}`));
  list.add((id) => ({ then: (done: () => void) => (seen.push(`c ${id}`), done()) }));
  await list.call("A", "01J0");
  assertEquals(seen, ["a 01J0", "b 01J0", "c 01J0"]);
});

Deno.test("without a promise nothing is awaited", () => {
  const { list } = makeList();
  assertEquals(list.call("A", "01J0"), undefined);
  list.add(() => 1);
  assertEquals(list.call("A", "01J0"), undefined);
  list.add(() => Promise.resolve());
  assert(list.call("A", "01J0") instanceof Promise);
});

Deno.test("a callback for one node is not called for another", () => {
  const { list } = makeList();
  const seen: string[] = [];
  list.add((id) => seen.push(`A ${id}`), { node: "A" });
  list.add((id) => seen.push(`all ${id}`));
  list.call("A", "1");
  list.call("B", "2");
  list.call(undefined, "3");
  assertEquals(seen, ["A 1", "all 1", "all 2", "all 3"]);
});

Deno.test("failures are reported, and the others are called all the same", async () => {
  const { list, failures } = makeList();
  const seen: string[] = [];
  list.add(() => {
    throw "sync";
  });
  list.add(() => Promise.reject("async"));
  list.add((id) => seen.push(id));
  await list.call("A", "01J0");
  assertEquals([failures, seen], [["sync", "async"], ["01J0"]]);
});

Deno.test("removing callbacks during a call skips nobody, and removing twice does nothing", () => {
  const { list } = makeList();
  const seen: string[] = [];
  const remove = list.add(() => {
    seen.push("a");
    remove();
    remove();
  });
  list.add(() => seen.push("b"));
  list.call("A", "1");
  list.call("A", "2");
  assertEquals([seen, list.size], [["a", "b", "b"], 1]);
});
