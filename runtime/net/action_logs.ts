/**
 * What the simulator did, for those who asked to be told.
 *
 * @module
 */
import type { EpochId } from "../../sim/action.ts";
import { CallbackList } from "./callbacks.ts";
import type { AppliedAction } from "./event.ts";
import type { EventStream } from "./event_stream.ts";
import { NetActionLog } from "./net_action_log.ts";

/** Callback of `onNetActions`. */
export type NetActionsCallback = (actions: readonly NetActionLog[]) => unknown;

/** Collects actions from the event stream while anybody wants them. */
export class ActionLogs {
  readonly #events: EventStream;
  readonly #callbacks: CallbackList<[readonly NetActionLog[]]>;
  /** All actions, if they are retained. */
  readonly #retained: NetActionLog[] | undefined;
  /** Actions that the callbacks have not seen yet. */
  #pending: NetActionLog[] = [];
  /** Actions by live epoch. */
  readonly #byEpoch = new Map<EpochId, NetActionLog[]>();
  #stop: (() => void) | undefined;

  /** Creates the logs of a net; `retain` keeps all actions. */
  constructor(events: EventStream, retain: boolean) {
    this.#events = events;
    this.#callbacks = new CallbackList((error) =>
      events.warn("callback_failed", `An onNetActions callback failed: ${error}`)
    );
    this.#retained = retain ? [] : undefined;
    this.#listen();
  }

  /** All actions since the net was made, if they are retained; a copy. */
  get retained(): NetActionLog[] {
    return [...this.#retained ?? []];
  }

  /** Adds a callback and returns what removes it. */
  add(callback: NetActionsCallback): () => void {
    const remove = this.#callbacks.add(callback);
    this.#listen();
    return () => {
      remove();
      this.#listen();
    };
  }

  /** Gives the callbacks what they have not seen; a promise if one of them has to be awaited. */
  flush(): Promise<void> | undefined {
    if (this.#pending.length === 0) return undefined;
    const actions = this.#pending;
    this.#pending = [];
    return this.#callbacks.call(undefined, actions);
  }

  /** What was done on behalf of an epoch, which is forgotten then; undefined if nobody wants it. */
  takeOf(epochId: EpochId): NetActionLog[] | undefined {
    if (!this.#stop) return undefined;
    const actions = this.#byEpoch.get(epochId) ?? [];
    this.#byEpoch.delete(epochId);
    return actions;
  }

  /** Listens to the stream exactly as long as somebody wants to know. */
  #listen(): void {
    const wanted = this.#retained !== undefined || this.#callbacks.size > 0;
    if (wanted && !this.#stop) {
      this.#stop = this.#events.subscribe((event) => {
        if (event.type === "commit") this.#add(event.actions, event.timestamp, event.epochId);
      });
    } else if (!wanted) {
      this.#stop?.();
      this.#stop = undefined;
      this.#pending = [];
      this.#byEpoch.clear();
    }
  }

  #add(actions: readonly AppliedAction[], at: number, epochId: EpochId | undefined): void {
    const logs = actions.map((action) => NetActionLog.of(action, at, epochId));
    this.#retained?.push(...logs);
    if (this.#callbacks.size > 0) this.#pending.push(...logs);
    if (epochId === undefined) return;
    const ofEpoch = this.#byEpoch.get(epochId);
    if (ofEpoch) ofEpoch.push(...logs);
    else this.#byEpoch.set(epochId, logs);
  }
}
