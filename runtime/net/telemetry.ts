/**
 * Traces and metrics of a net for OpenTelemetry, out of its event stream.
 *
 * @module
 */
import type * as otel from "@opentelemetry/api";
import type { EpochId, PacketId } from "../../sim/action.ts";
import type { NetEvent } from "../../sim/event.ts";
import type { EpochLog } from "./epoch_log.ts";
import type { AttemptFailedEvent, EpochStartEvent, NetRuntimeEvent } from "./event.ts";
import type { EventStream } from "./event_stream.ts";

/** The part of `@opentelemetry/api` that is used. */
export type TelemetryAPI = Pick<
  typeof otel,
  "context" | "metrics" | "SpanStatusCode" | "trace"
>;

/** Name under which spans and metrics are reported. */
const scope = "netrun";

/** Most producers that a span names: what collectors keep by default. */
const maxLinks = 128;

/**
 * Whether a net reports to OpenTelemetry: as `option` says, else if Deno itself does, by the
 * environment variable `OTEL_DENO`.
 */
export function telemetryWanted(option?: boolean): boolean {
  if (option !== undefined) return option;
  const permission = { name: "env", variable: "OTEL_DENO" } as const;
  return Deno.permissions.querySync(permission).state === "granted" &&
    Deno.env.get("OTEL_DENO") === "true";
}

/** Makes a stream report to OpenTelemetry; the returned object ends it. */
export async function startTelemetry(stream: EventStream): Promise<Telemetry> {
  return new Telemetry(await import("@opentelemetry/api"), stream);
}

/**
 * Reports each epoch as a span, and counts.
 *
 * A span is called `epoch NODE` and links to the spans whose epochs sent the packets that it took,
 * or to the span that was active when they were injected. The attributes are `netrun.node`,
 * `netrun.epoch_id`, `netrun.outcome`, `netrun.retry_count`, `netrun.queue_time_ms`, `netrun.pool`
 * and `netrun.worker`.
 *
 * Counters: `netrun.epochs`, `netrun.failed_attempts`, `netrun.queued_packets`,
 * `netrun.dead_letters`. Histograms in seconds: `netrun.epoch.duration`, `netrun.epoch.queue_time`.
 */
export class Telemetry implements Disposable {
  readonly #api: TelemetryAPI;
  readonly #tracer: otel.Tracer;
  readonly #instruments: Instruments;
  readonly #remove: () => void;
  /** Spans of running epochs. */
  readonly #spans = new Map<EpochId, otel.Span>();
  /** Where each packet in the net comes from, as far as that is known. */
  readonly #origins = new Map<PacketId, otel.SpanContext>();
  /** Where the packets come from that epochs took which have not started yet. */
  readonly #inputs = new Map<EpochId, Map<string, otel.SpanContext>>();

  /** Begins to report what comes out of `stream`. */
  constructor(api: TelemetryAPI, stream: EventStream) {
    this.#api = api;
    this.#tracer = api.trace.getTracer(scope);
    this.#instruments = createInstruments(api.metrics.getMeter(scope));
    this.#remove = stream.subscribe((event) => this.#report(event));
  }

  /** Calls `run` inside the span of an epoch: spans made in there become its children. */
  inEpoch<T>(epochId: EpochId, run: () => T): T {
    const span = this.#spans.get(epochId);
    if (span === undefined) return run();
    const { context, trace } = this.#api;
    return context.with(trace.setSpan(context.active(), span), run);
  }

  /** Ends the reporting, and the spans of epochs that have not ended. */
  [Symbol.dispose](): void {
    this.#remove();
    for (const span of this.#spans.values()) span.end();
    this.#spans.clear();
    this.#origins.clear();
    this.#inputs.clear();
  }

  #report(event: NetRuntimeEvent): void {
    switch (event.type) {
      case "commit":
        for (const { events } of event.actions) {
          for (const change of events) this.#follow(change);
        }
        break;
      case "epochStart":
        this.#start(event, event.timestamp);
        break;
      case "attemptFailed":
        this.#attemptFailed(event, event.timestamp);
        break;
      case "epochEnd":
        this.#end(event.log);
        break;
      case "queued":
        this.#instruments.queuedPackets.add(1, { "netrun.queue": event.queueName });
        break;
      case "deadLetter":
        this.#instruments.deadLetters.add(1);
        break;
    }
  }

  /** Keeps track of who sent which packet. */
  #follow(event: NetEvent): void {
    switch (event.type) {
      case "packetCreated":
        this.#setOrigin(event.packetId, this.#api.trace.getActiveSpan());
        break;
      case "packetMoved":
        if (event.to.type === "node") this.#took(event.to.epochId, event.packetId);
        else if (event.from.type === "outputPort") {
          this.#setOrigin(event.packetId, this.#spans.get(event.from.epochId));
        }
        break;
      case "packetConsumed":
      case "packetDestroyed":
        this.#origins.delete(event.packetId);
        break;
      case "epochFinished":
      case "epochCancelled":
        this.#inputs.delete(event.epoch.id);
        break;
    }
  }

  #setOrigin(packetId: PacketId, span: otel.Span | undefined): void {
    if (span === undefined) this.#origins.delete(packetId);
    else this.#origins.set(packetId, span.spanContext());
  }

  #took(epochId: EpochId, packetId: PacketId): void {
    const origin = this.#origins.get(packetId);
    if (origin === undefined) return;
    let origins = this.#inputs.get(epochId);
    if (origins === undefined) this.#inputs.set(epochId, origins = new Map());
    if (origins.size < maxLinks) origins.set(origin.spanId, origin);
  }

  #start({ epochId, nodeName }: EpochStartEvent, timestampMs: number): void {
    this.#spans.set(epochId, this.#startSpan(epochId, nodeName, timestampMs));
  }

  #startSpan(epochId: EpochId, nodeName: string, timestampMs: number): otel.Span {
    const origins = this.#inputs.get(epochId);
    this.#inputs.delete(epochId);
    return this.#tracer.startSpan(`epoch ${nodeName}`, {
      startTime: new Date(timestampMs),
      attributes: { "netrun.node": nodeName, "netrun.epoch_id": epochId },
      links: origins ? Array.from(origins.values(), (context) => ({ context })) : [],
    });
  }

  #attemptFailed(event: AttemptFailedEvent, timestampMs: number): void {
    const { nodeName, epochId, retryCount, error } = event;
    this.#instruments.failedAttempts.add(1, { "netrun.node": nodeName });
    this.#spans.get(epochId)?.addEvent("attempt_failed", {
      "netrun.retry_count": retryCount,
      "exception.type": error.type,
      "exception.message": error.message,
      ...(error.stack === undefined ? {} : { "exception.stacktrace": error.stack }),
    }, new Date(timestampMs));
  }

  #end(log: EpochLog): void {
    const { epochId, nodeName, outcome, durationMs, queueTimeMs } = log;
    const labels = { "netrun.node": nodeName, "netrun.outcome": outcome };
    this.#instruments.epochs.add(1, labels);
    if (durationMs !== undefined) this.#instruments.duration.record(durationMs / 1000, labels);
    if (queueTimeMs !== undefined) {
      this.#instruments.queueTime.record(queueTimeMs / 1000, { "netrun.node": nodeName });
    }
    const span = this.#spans.get(epochId) ?? this.#startSpan(epochId, nodeName, log.createdAt);
    this.#spans.delete(epochId);
    span.setAttributes({
      "netrun.outcome": outcome,
      "netrun.retry_count": log.retryCount,
      ...(queueTimeMs === undefined ? {} : { "netrun.queue_time_ms": queueTimeMs }),
      ...(log.poolId === undefined ? {} : { "netrun.pool": log.poolId }),
      ...(log.workerId === undefined ? {} : { "netrun.worker": log.workerId }),
    });
    if (outcome === "error") {
      span.setStatus({ code: this.#api.SpanStatusCode.ERROR, message: log.error ?? "" });
      if (log.errorType !== undefined) span.setAttribute("error.type", log.errorType);
    }
    span.end(new Date(log.timestamp));
  }
}

/** Boundaries, in seconds, of the buckets that times are counted in. */
const timeBuckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 1800];

interface Instruments {
  readonly epochs: otel.Counter;
  readonly failedAttempts: otel.Counter;
  readonly queuedPackets: otel.Counter;
  readonly deadLetters: otel.Counter;
  readonly duration: otel.Histogram;
  readonly queueTime: otel.Histogram;
}

function createInstruments(meter: otel.Meter): Instruments {
  return {
    epochs: meter.createCounter("netrun.epochs", {
      description: "Epochs that ended",
      unit: "{epoch}",
    }),
    failedAttempts: meter.createCounter("netrun.failed_attempts", {
      description: "Attempts of epochs that failed",
      unit: "{attempt}",
    }),
    queuedPackets: meter.createCounter("netrun.queued_packets", {
      description: "Packets that left the net into an output queue",
      unit: "{packet}",
    }),
    deadLetters: meter.createCounter("netrun.dead_letters", {
      description: "Epochs that became dead letters",
      unit: "{epoch}",
    }),
    duration: meter.createHistogram("netrun.epoch.duration", {
      description: "From the start of an epoch to its end",
      unit: "s",
      advice: { explicitBucketBoundaries: timeBuckets },
    }),
    queueTime: meter.createHistogram("netrun.epoch.queue_time", {
      description: "From the creation of an epoch to its start",
      unit: "s",
      advice: { explicitBucketBoundaries: timeBuckets },
    }),
  };
}
