import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  bind,
  type Bindable,
  boundKeys,
  commandOf,
  type KeyChanges,
  keysOf,
  readChanges,
  unbind,
  whyReserved,
} from "../../../ui/model/key_bindings.ts";

const COMMANDS: readonly Bindable[] = [
  { id: "save", keys: "Ctrl S" },
  { id: "fit", keys: "0" },
  { id: "help", keys: "?" },
  { id: "lock" },
];
const held = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const command = fc.constantFrom(...COMMANDS);
const keys = fc.constantFrom("Ctrl S", "0", "?", "F4", "Alt L");

Deno.test("keys are named alike on all keyboards", () => {
  assertEquals(keysOf({ ...held, key: "s", metaKey: true }), "Ctrl S");
  assertEquals(keysOf({ ...held, key: "?", shiftKey: true }), "?");
  assertEquals(keysOf({ ...held, key: "Backspace" }), "Delete");
  assertEquals(keysOf({ ...held, key: "Enter", shiftKey: true }), "Shift Enter");
  assertEquals(keysOf({ ...held, key: "Control", ctrlKey: true }), undefined);
});

Deno.test("whatever is bound in whatever order, a key stands for one command at most", () => {
  fc.assert(fc.property(fc.array(fc.tuple(command, keys)), (steps) => {
    let changes: KeyChanges = {};
    for (const [command, keys] of steps) {
      changes = bind(command, keys, COMMANDS, changes);
      assertEquals(commandOf(keys, COMMANDS, changes)?.id, command.id);
    }
    const bound = COMMANDS.flatMap((command) => boundKeys(command, changes) ?? []);
    assertEquals(new Set(bound).size, bound.length);
    assertEquals(readChanges(JSON.stringify(changes), COMMANDS), changes);
  }));
});

Deno.test("whoever had the keys has none; with the first keys back nothing is changed", () => {
  const [save, fit] = COMMANDS as [Bindable, Bindable];
  const changes = bind(fit, "Ctrl S", COMMANDS, {});
  assertEquals(changes, { save: "", fit: "Ctrl S" });
  assertEquals(boundKeys(save, changes), undefined);
  assertEquals(unbind(save, COMMANDS, changes), { fit: "" });
  assertEquals(unbind(fit, COMMANDS, unbind(save, COMMANDS, changes)), {});
});

Deno.test("keys of browsers and of tabs are not given away; what is stored wrongly is ignored", () => {
  for (const keys of ["Ctrl W", "Alt 3", "Escape"]) {
    assertEquals(whyReserved(keys)?.startsWith(keys), true);
  }
  assertEquals(whyReserved("Ctrl L"), undefined);
  for (const text of [null, "", "[1]", "null", "{", '{"save":1,"gone":"X"}']) {
    assertEquals(readChanges(text, COMMANDS), {});
  }
});
