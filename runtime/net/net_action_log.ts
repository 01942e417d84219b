/**
 * What the simulator did, as entries of a log that can be replayed.
 *
 * @module
 */
import type { EpochId, NetAction } from "../../sim/action.ts";
import type { NetEvent } from "../../sim/event.ts";
import type { AppliedAction } from "./event.ts";
import { JSONFields, toISO } from "./json_fields.ts";

/** One thing that an action changed. */
export interface NetActionLogEvent {
  /** When, in ms UTC: the time of the action. */
  readonly timestamp: number;
  /** Type of the simulator's event in PascalCase, such as `PacketMoved`. */
  readonly kind: string;
  /** The other fields of that event. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What a {@linkcode NetActionLog} is made of. */
export interface NetActionLogFields {
  /** When the action was applied, in ms UTC. */
  timestamp: number;
  /** Type of the action in PascalCase, such as `StartEpoch`. */
  actionKind: string;
  /** The other fields of the action. */
  actionDetail: Readonly<Record<string, unknown>>;
  /** What it changed, in order. */
  events: readonly NetActionLogEvent[];
  /** The epoch on whose behalf it was applied, if it was for one. */
  epochId?: EpochId | undefined;
}

/**
 * One action of the simulator, a step included, with everything that it changed. Immutable.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const log = NetActionLog.of({ action: { type: "startEpoch", epochId: "01J0" }, events: [] }, 0);
 * assertEquals(log.actionKind, "StartEpoch");
 * assertEquals(log.toAction(), { type: "startEpoch", epochId: "01J0" });
 * assertEquals(NetActionLog.fromJSON(log.toJSON()), log);
 * ```
 */
export class NetActionLog {
  /** When the action was applied, in ms UTC. */
  readonly timestamp: number;
  /** Type of the action in PascalCase, such as `StartEpoch`. */
  readonly actionKind: string;
  /** The other fields of the action. */
  readonly actionDetail: Readonly<Record<string, unknown>>;
  /** What it changed, in order. */
  readonly events: readonly NetActionLogEvent[];
  /** The epoch on whose behalf it was applied, if it was for one. */
  readonly epochId: EpochId | undefined;

  /** Creates an entry out of its fields. */
  constructor(fields: NetActionLogFields) {
    this.timestamp = fields.timestamp;
    this.actionKind = fields.actionKind;
    this.actionDetail = fields.actionDetail;
    this.events = fields.events;
    this.epochId = fields.epochId;
    Object.freeze(this);
  }

  /**
   * The entry for an action that was applied.
   *
   * @param timestamp When it was applied, in ms UTC.
   * @param epochId The epoch on whose behalf, if it was for one.
   */
  static of(applied: AppliedAction, timestamp: number, epochId?: EpochId): NetActionLog {
    const { type, ...actionDetail } = applied.action;
    const events = applied.events.map(({ type, timestamp, ...detail }) => ({
      timestamp,
      kind: toKind(type),
      detail,
    }));
    return new NetActionLog({ timestamp, actionKind: toKind(type), actionDetail, events, epochId });
  }

  /**
   * Reads an entry from what `toJSON` gave. Kinds may also be written as `NetAction.start_epoch`.
   *
   * @throws {InvalidArgumentError} If a field is missing or of the wrong type; it is named.
   */
  static fromJSON(data: unknown): NetActionLog {
    const fields = new JSONFields(data, "net action log");
    return new NetActionLog({
      timestamp: fields.time("timestamp"),
      actionKind: toKind(fields.string("action_kind")),
      actionDetail: fields.object("action_detail"),
      events: fields.list("events").map((event) => {
        const fields = new JSONFields(event, "event of a net action log");
        return {
          timestamp: fields.time("timestamp"),
          kind: toKind(fields.string("kind")),
          detail: fields.object("detail"),
        };
      }),
      epochId: fields.optionalString("epoch_id"),
    });
  }

  /** The simulator's action, to apply it again. */
  toAction(): NetAction {
    return { type: toType(this.actionKind), ...this.actionDetail } as NetAction;
  }

  /** The simulator's events, to undo the action. */
  toEvents(): NetEvent[] {
    return this.events.map(({ kind, timestamp, detail }) =>
      ({ type: toType(kind), timestamp, ...detail }) as NetEvent
    );
  }

  /** The entry as JSON: snake_case keys, ISO times; the simulator's own fields as they are. */
  toJSON(): Record<string, unknown> {
    return {
      timestamp: toISO(this.timestamp),
      action_kind: this.actionKind,
      action_detail: this.actionDetail,
      events: this.events.map(({ timestamp, kind, detail }) => ({
        timestamp: toISO(timestamp),
        kind,
        detail,
      })),
      epoch_id: this.epochId ?? null,
    };
  }
}

/** `startEpoch`, `NetAction.start_epoch` and `StartEpoch` as `StartEpoch`. */
function toKind(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1)
    .replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function toType(kind: string): string {
  return kind.charAt(0).toLowerCase() + kind.slice(1);
}
