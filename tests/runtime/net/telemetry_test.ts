import { assert, assertEquals } from "@std/assert";
import { telemetryWanted } from "../../../runtime/net/telemetry.ts";

interface OTLPValue {
  stringValue?: string;
  intValue?: string | number;
  doubleValue?: number;
}
interface OTLPSpan {
  name: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: OTLPValue }[];
  links?: { spanId: string }[];
  events?: { name: string }[];
  status?: { code?: number; message?: string };
}
interface OTLPMetric {
  name: string;
  sum?: { dataPoints: { asInt?: string | number; asDouble?: number }[] };
  histogram?: { dataPoints: { count: string | number }[] };
}

/** Runs the program against a collector of its own and returns what that received. */
async function collect(
  telemetry: "true" | "false",
): Promise<{ spans: OTLPSpan[]; metrics: OTLPMetric[] }> {
  const spans: OTLPSpan[] = [];
  const metrics: OTLPMetric[] = [];
  const listen = { port: 0, hostname: "127.0.0.1", onListen() {} };
  await using server = Deno.serve(listen, async (request) => {
    const body = await request.json();
    for (const { scopeSpans } of body.resourceSpans ?? []) {
      for (const { spans: some } of scopeSpans) spans.push(...some);
    }
    for (const { scopeMetrics } of body.resourceMetrics ?? []) {
      for (const { metrics: some } of scopeMetrics) metrics.push(...some);
    }
    return Response.json({});
  });
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", import.meta.resolve("./_telemetry_program.ts")],
    env: {
      OTEL_DENO: telemetry,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${server.addr.port}`,
    },
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return { spans, metrics };
}

function attributesOf(span: OTLPSpan): Record<string, unknown> {
  return Object.fromEntries(span.attributes.map(({ key, value }) => {
    const { stringValue, intValue, doubleValue } = value;
    return [key, stringValue ?? Number(intValue ?? doubleValue)];
  }));
}

Deno.test("epochs arrive at a collector as spans that are linked along the packets", async () => {
  const { spans, metrics } = await collect("true");
  const named = (name: string) => spans.filter((span) => span.name === name);
  const [inject] = named("inject");
  const [a, b] = [named("epoch A"), named("epoch B")];
  assertEquals([a.length, b.length], [2, 2]);

  const { "netrun.epoch_id": epochId, "netrun.queue_time_ms": queueTimeMs, ...rest } = attributesOf(
    a[0]!,
  );
  assertEquals([typeof epochId, typeof queueTimeMs], ["string", "number"]);
  assertEquals(rest, {
    "netrun.node": "A",
    "netrun.outcome": "success",
    "netrun.retry_count": 0,
    "netrun.pool": "main",
    "netrun.worker": 0,
  });
  for (const span of a) assertEquals(span.links?.map(({ spanId }) => spanId), [inject?.spanId]);
  const parents = [1, 2].map((x) => named(`inside A ${x}`)[0]?.parentSpanId);
  assertEquals(parents.toSorted(), a.map(({ spanId }) => spanId).toSorted());

  const sources = b.flatMap(({ links }) => links?.map(({ spanId }) => spanId));
  assertEquals(sources.toSorted(), a.map(({ spanId }) => spanId).toSorted());
  const failed = b.find((span) => attributesOf(span)["netrun.outcome"] === "error");
  assertEquals([failed?.status?.code, failed?.status?.message], [2, "boom"]);
  assertEquals(failed?.events?.map(({ name }) => name), ["attempt_failed", "attempt_failed"]);
  assertEquals(attributesOf(failed!)["error.type"], "RangeError");
  assertEquals(attributesOf(failed!)["netrun.retry_count"], 1);

  const last = (name: string) => metrics.findLast((metric) => metric.name === name);
  const total = (name: string) =>
    last(name)?.sum?.dataPoints.reduce((sum, point) => {
      return sum + Number(point.asInt ?? point.asDouble);
    }, 0);
  assertEquals(total("netrun.epochs"), 4);
  assertEquals(total("netrun.failed_attempts"), 2);
  assertEquals(total("netrun.dead_letters"), 1);
  assertEquals(total("netrun.queued_packets"), 1);
  const durations = last("netrun.epoch.duration")?.histogram?.dataPoints ?? [];
  assertEquals(durations.reduce((sum, { count }) => sum + Number(count), 0), 4);
});

Deno.test("nothing is reported unless OTEL_DENO says so", async () => {
  assertEquals(await collect("false"), { spans: [], metrics: [] });
});

Deno.test("an option of the net goes before the environment", () => {
  const before = Deno.env.get("OTEL_DENO");
  try {
    Deno.env.delete("OTEL_DENO");
    assertEquals([telemetryWanted(), telemetryWanted(true)], [false, true]);
    Deno.env.set("OTEL_DENO", "true");
    assertEquals([telemetryWanted(), telemetryWanted(false)], [true, false]);
  } finally {
    if (before === undefined) Deno.env.delete("OTEL_DENO");
    else Deno.env.set("OTEL_DENO", before);
  }
});
