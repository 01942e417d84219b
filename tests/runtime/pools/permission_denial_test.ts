import { assert, assertEquals } from "@std/assert";
import { type DenyingPool, explainDenial } from "../../../runtime/pools/permission_denial.ts";

const denied = (kind: string, subject?: string) =>
  new Deno.errors.NotCapable(
    `Requires ${kind} access${
      subject === undefined ? "" : ` to "${subject}"`
    }, run again with the ` +
      `--allow-${kind} flag`,
  );

function explained(error: Error, pool: Omit<DenyingPool, "poolId">): string {
  explainDenial(error, { poolId: "p", ...pool });
  return error.message;
}

Deno.test("a denial names the entry that would grant it, beside what is granted", () => {
  assertEquals(
    explained(denied("read", "/etc/hosts"), { type: "multiprocess", permissions: "none" }),
    'Requires read access to "/etc/hosts", which pool "p" does not grant; state ' +
      '`permissions: { read: ["/etc/hosts"] }` in its `spec`',
  );
  const permissions = { net: ["a.example"] };
  const net = explained(denied("net", "b.example:443"), { type: "thread", permissions });
  assert(net.includes('{ net: ["a.example", "b.example:443"] }'), net);
  const env = explained(denied("env"), { type: "multiprocess", permissions });
  assert(env.includes("{ env: true }"), env);
});

Deno.test("what this process does not have itself, it has to be started with", () => {
  const message = explained(denied("sys", "hostname"), {
    type: "thread",
    permissions: "inherit",
  });
  assert(message.includes("nor pool") && message.endsWith("--allow-sys=hostname"), message);
});

Deno.test("a compiled program words a denial in its own way", () => {
  const error = new Deno.errors.NotCapable(
    'Requires net access to "a.example:80", specify the required permissions during compilation ' +
      "using `deno compile --allow-net`",
  );
  const message = explained(error, { type: "thread", permissions: "none" });
  assert(message.includes('permissions: { net: ["a.example:80"] }'), message);
});

Deno.test("on a server it is the server that has to grant it", () => {
  const message = explained(denied("read", "/data"), { type: "remote" });
  assert(message.includes('server of pool "p"'), message);
  assert(message.includes('permissions: { read: ["/data"] }'), message);
});

Deno.test("denials are found among causes and in longer messages; everything else is left", () => {
  const inner = denied("write", "/x");
  const outer = new Error(`Cannot load ./nodes.ts: ${inner.message}`, { cause: inner });
  const pool = { type: "multiprocess", permissions: "none" } as const;
  explained(outer, pool);
  for (const { message, stack } of [outer, inner]) {
    assert(message.includes('{ write: ["/x"] }') && !message.includes("run again"), message);
    assert(stack!.includes(message));
  }
  assertEquals(explained(new TypeError("Requires a better name"), pool), "Requires a better name");
  explainDenial("text", { poolId: "p", ...pool });
  const loop = new Error("loop");
  loop.cause = loop;
  assertEquals(explained(loop, pool), "loop");
});
