import { assertEquals, assertThrows } from "@std/assert";
import { isSameSecret, WebSocketDoor } from "../../../runtime/rpc/websocket_door.ts";
import { WEBSOCKET_PROTOCOL } from "../../../runtime/rpc/websocket_hello.ts";
import { InvalidArgumentError } from "../../../sim/error.ts";

const tokens = ["the first token of two", "the other token of two"];

function knock(
  door: WebSocketDoor,
  headers: Record<string, string> = {},
  { address = "10.0.0.1", now = 0 } = {},
): number | undefined {
  const request = new Request("http://localhost/v1/pool", {
    headers: {
      upgrade: "websocket",
      "sec-websocket-protocol": `other, ${WEBSOCKET_PROTOCOL}`,
      ...headers,
    },
  });
  return door.refusal(request, address, now)?.status;
}

Deno.test("a door lets in who shows one of its tokens, and nobody else", () => {
  const door = new WebSocketDoor({ token: tokens });
  for (const token of tokens) {
    assertEquals(knock(door, { authorization: `Bearer ${token}` }), undefined);
  }
  const wrong = [
    "",
    "Bearer",
    "Bearer ",
    `Basic ${tokens[0]}`,
    `Bearer ${tokens[0]}x`,
    `Bearer ${tokens[0]!.slice(1)}`,
  ];
  for (const [i, authorization] of wrong.entries()) {
    assertEquals(knock(door, { authorization }, { address: `10.0.1.${i}` }), 401);
  }
  assertEquals(knock(new WebSocketDoor({})), undefined);
});

Deno.test("ten wrong tokens lock an address out for a minute, right tokens too, others not", () => {
  const door = new WebSocketDoor({ token: tokens });
  const right = { authorization: `Bearer ${tokens[0]}` };
  for (let i = 0; i < 10; i++) assertEquals(knock(door, {}, { now: i }), 401);
  assertEquals(knock(door, {}, { now: 10 }), 429);
  assertEquals(knock(door, right, { now: 59_999 }), 429);
  assertEquals(knock(door, right, { now: 59_999, address: "10.0.0.2" }), undefined);
  assertEquals(knock(door, right, { now: 60_000 }), undefined);
  assertEquals(knock(door, {}, { now: 60_001 }), 401);
});

Deno.test("a door is shut to web pages unless their origin is listed", () => {
  const door = new WebSocketDoor({ allowOrigins: ["https://studio.test"] });
  assertEquals(knock(door, { origin: "https://evil.test" }), 403);
  assertEquals(knock(door, { origin: "null" }), 403);
  assertEquals(knock(door, { origin: "https://studio.test" }), undefined);
});

Deno.test("a door is no page: what is no WebSocket of the protocol is told to be one", () => {
  const door = new WebSocketDoor({});
  assertEquals(knock(door, { upgrade: "h2c" }), 426);
  assertEquals(knock(door, { "sec-websocket-protocol": "netrun.v2" }), 426);
});

Deno.test("a door takes no short tokens", () => {
  assertThrows(() => new WebSocketDoor({ token: "fifteen letters" }), InvalidArgumentError, "16");
  assertThrows(() => new WebSocketDoor({ token: [tokens[0]!, ""] }), InvalidArgumentError);
});

Deno.test("secrets are compared as a whole", () => {
  assertEquals(isSameSecret("abc", "abc"), true);
  for (const given of ["", "ab", "abd", "abcd"]) assertEquals(isSameSecret("abc", given), false);
});
