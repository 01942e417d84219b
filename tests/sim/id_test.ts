import { assert, assertEquals, assertThrows } from "@std/assert";
import { decodeTime } from "@std/ulid";
import { epochStartTime, InvalidArgumentError, ulidSource } from "@netrun/netrun/sim";

Deno.test("ids are ULIDs that others can read", () => {
  const newId = ulidSource();
  for (const ms of [0, 1, 31, 32, 1_700_000_000_123, 2 ** 48 - 1]) {
    const id = newId(ms);
    assert(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id), id);
    assertEquals(decodeTime(id), ms);
    assertEquals(epochStartTime({ id }), ms);
  }
});

Deno.test("ids grow, within a millisecond and when the clock goes backward", () => {
  const newId = ulidSource();
  const ids = [5, 5.1, 5.9, 3, 5, 6, 6].map((ms) => newId(ms));
  assertEquals(ids.toSorted(), ids);
  for (let i = 0; i < 100_000; i++) ids.push(newId(6));
  assertEquals(new Set(ids).size, ids.length);
  assertEquals(ids.toSorted(), ids);
});

Deno.test("two sources do not mint the same ids", () => {
  const [a, b] = [ulidSource(), ulidSource()];
  assert(a(1) !== b(1));
});

Deno.test("epochStartTime() refuses an id that is no ULID", () => {
  for (const id of ["", "e1", "U".repeat(26), "0".repeat(27)]) {
    assertThrows(() => epochStartTime({ id }), InvalidArgumentError, "not a ULID");
  }
});
