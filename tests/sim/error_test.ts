import { assert, assertEquals } from "@std/assert";
import * as sim from "@netrun/netrun/sim";

Deno.test("every error is named by its code, and its details are fields and JSON", () => {
  const { NetrunError, NetSimError, UndoError, InvalidArgumentError } = sim;
  const classes = Object.entries(sim).filter(([name]) => /^[A-Z].*Error$/.test(name));
  assert(classes.length > 25);
  for (const [name, Class] of classes) {
    if (
      [NetrunError, NetSimError, UndoError, InvalidArgumentError].some((root) => root === Class)
    ) continue;
    const detail = Object.assign([], sim.edge("A", "x", "B", "y"));
    // deno-lint-ignore no-explicit-any
    const error = new (Class as any)(detail, "b", []) as sim.NetSimError;
    assert(error instanceof NetSimError, name);
    assertEquals([error.name, `${error.code}Error`], [name, name]);
    assertEquals(Object.keys(error.toJSON())[0], "code");
    assertEquals(Object.keys(error.toJSON()).at(-1), "message");
  }
});

Deno.test("messages say what was wrong, where, and what to do", () => {
  assertEquals(
    new sim.OutputPortFullError("out", "01H", "split", 3).message,
    'Output port "out" of node "split" is full in epoch "01H" (capacity 3): send its packets first',
  );
  assertEquals(
    new sim.EdgeNotFoundError(sim.edge("A", "x", "B", "y")).message,
    "There is no edge A.x -> B.y in the graph",
  );
});
