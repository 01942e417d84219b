/**
 * What can go wrong inside a node's job.
 *
 * @module
 */
import type { EpochId, PacketId } from "../../sim/action.ts";
import { NetrunError, type NetrunErrorOptions } from "../../sim/error.ts";

/**
 * What `ctx.cancelEpoch()` throws, so that the function ends.
 *
 * Catching it changes nothing: the epoch is cancelled all the same. It never leaves a run call.
 */
export class EpochCancelled extends NetrunError {
  /** Node of the epoch. */
  readonly nodeName: string;
  /** The cancelled epoch. */
  readonly epochId: EpochId;

  /** Creates the error for the epoch that is cancelled. */
  constructor(nodeName: string, epochId: EpochId) {
    super("EpochCancelled", `Epoch ${epochId} of node "${nodeName}" is cancelled`);
    this.nodeName = nodeName;
    this.epochId = epochId;
  }
}

/** A job was given up before it had a result. */
export class JobAborted extends NetrunError {
  /** Node of the job; its function if it is none of a net. */
  readonly nodeName: string;
  /** Epoch of the job; its own id if it is none of a net. */
  readonly epochId: EpochId;
  /** Who gave it up, and why. */
  readonly reason: string;

  /** Creates the error. */
  constructor(nodeName: string, epochId: EpochId, reason: string) {
    super("JobAborted", `Job ${epochId} of "${nodeName}" was given up: ${reason}`);
    this.nodeName = nodeName;
    this.epochId = epochId;
    this.reason = reason;
  }
}

/** A value does not have the type that the port asks for. */
export class PacketTypeMismatch extends NetrunError {
  /** Node of the port. */
  readonly nodeName: string;
  /** The port. */
  readonly portName: string;
  /** Packet that carries the value. */
  readonly packetId: PacketId;
  /** Type that the port asks for. */
  readonly expected: string;
  /** Type that the value has. */
  readonly actual: string;
  /** Where in the value the types part, or what to do about it; may be empty. */
  readonly hint: string;

  /** Creates the error from the port, the types, and what might help. */
  constructor(
    nodeName: string,
    portName: string,
    packetId: PacketId,
    expected: string,
    actual: string,
    hint: string = "",
  ) {
    super(
      "PacketTypeMismatch",
      `Port "${portName}" of node "${nodeName}" takes ${expected}, but packet ${packetId} holds ` +
        `${actual}${hint === "" ? "" : `: ${hint}`}`,
    );
    this.nodeName = nodeName;
    this.portName = portName;
    this.packetId = packetId;
    this.expected = expected;
    this.actual = actual;
    this.hint = hint;
  }
}

/** A packet is not in a state in which this can be done with it. */
export class PacketStateError extends NetrunError {
  /** Node of the epoch. */
  readonly nodeName: string;
  /** The packet. */
  readonly packetId: PacketId;
  /** What was done with the packet before. */
  readonly state: "consumed" | "loaded" | "sent";

  /** Creates the error; `action` is what was to be done, such as `consume`. */
  constructor(
    nodeName: string,
    packetId: PacketId,
    state: "consumed" | "loaded" | "sent",
    action: string,
  ) {
    super(
      "PacketStateError",
      `Cannot ${action} packet ${packetId} in node "${nodeName}": it is ${state} already`,
    );
    this.nodeName = nodeName;
    this.packetId = packetId;
    this.state = state;
  }
}

/** `ctx` was used after the function had ended, say by a forgotten timer. */
export class ContextClosedError extends NetrunError {
  /** Node of the function. */
  readonly nodeName: string;
  /** Epoch of the attempt. */
  readonly epochId: EpochId;
  /** The member of `ctx` that was used. */
  readonly call: string;

  /** Creates the error. */
  constructor(nodeName: string, epochId: EpochId, call: string) {
    super(
      "ContextClosedError",
      `ctx.${call} of node "${nodeName}" was called after its function had ended (epoch ` +
        `${epochId}); await everything that the function starts`,
    );
    this.nodeName = nodeName;
    this.epochId = epochId;
    this.call = call;
  }
}

/** A function cannot be brought to the workers of a pool. */
export class FunctionNotShippableError extends NetrunError {
  /** Node of the function. */
  readonly node: string;
  /** The pool that was to run it. */
  readonly pool: string;
  /** What would work. */
  readonly hint: string;

  /** Creates the error. */
  constructor(node: string, pool: string, hint: string, options?: NetrunErrorOptions) {
    super(
      "FunctionNotShippableError",
      `The function of node "${node}" cannot run on pool "${pool}": ${hint}`,
      options,
    );
    this.node = node;
    this.pool = pool;
    this.hint = hint;
  }
}
