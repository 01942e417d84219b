/**
 * The root of all errors of the package, and the simulator's own.
 *
 * @module
 */
import type { EpochId, PacketId } from "./action.ts";
import type { NetEvent } from "./event.ts";
import type { GraphIssue } from "./graph_issue.ts";
import { type Edge, formatEdge } from "./graph_spec.ts";

/** Options of a {@linkcode NetrunError}. */
export interface NetrunErrorOptions extends ErrorOptions {
  /** The stable code, where it is not the class's name without `Error`. */
  code?: string;
}

/**
 * Root class of every error that the package throws on purpose.
 *
 * The class says what kind of thing went wrong, `code` says the same as a string that never changes,
 * and the details are fields of the error.
 *
 * @example Telling errors apart by code
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const error = new InvalidArgumentError("Cannot limit the rate: got -1");
 * assertEquals(error.code, "InvalidArgument");
 * assertEquals(error.toJSON(), {
 *   code: "InvalidArgument",
 *   message: "Cannot limit the rate: got -1",
 * });
 * ```
 */
export class NetrunError extends Error {
  /** Stable code: the class's name without `Error`, unless its page lists codes of its own. */
  readonly code: string;

  /**
   * Creates an error of the class called `className`.
   *
   * The name is stated rather than read from the class, so that it survives minifiers.
   *
   * @param className Name of the class.
   * @param message What was wrong, where, and what to do.
   * @param options Cause, and a code that differs from the name.
   */
  constructor(className: string, message: string, options?: NetrunErrorOptions) {
    super(message, options);
    Object.defineProperty(this, "name", { value: className, configurable: true, writable: true });
    this.code = options?.code ?? className.replace(/Error$/, "");
  }

  /** The error as plain data: `code`, the details, `message`. */
  toJSON(): Record<string, unknown> {
    const { code, ...details } = this;
    return { code, ...details, message: this.message };
  }
}

/** An argument of a call has a value that it cannot have. */
export class InvalidArgumentError extends NetrunError {
  /** Creates the error. */
  constructor(message: string, options?: NetrunErrorOptions) {
    super("InvalidArgumentError", message, options);
  }
}

/** Root class of the errors of the simulator. The runtime throws the same classes for the same things. */
export class NetSimError extends NetrunError {}

/** No packet has that id, or it has ended. */
export class PacketNotFoundError extends NetSimError {
  /** Creates the error. */
  constructor(/** The packet. */ readonly packetId: PacketId) {
    super(
      "PacketNotFoundError",
      `There is no packet "${packetId}": it never existed, or it was consumed or destroyed`,
    );
  }
}

/** No epoch has that id, or it has ended. */
export class EpochNotFoundError extends NetSimError {
  /** Creates the error. */
  constructor(/** The epoch. */ readonly epochId: EpochId) {
    super(
      "EpochNotFoundError",
      `There is no epoch "${epochId}": it never existed, or it was finished or cancelled`,
    );
  }
}

/** The action needs a running epoch. */
export class EpochNotRunningError extends NetSimError {
  /** Creates the error. */
  constructor(/** The epoch. */ readonly epochId: EpochId, nodeName?: string) {
    super(
      "EpochNotRunningError",
      `Epoch "${epochId}"${ofNode(nodeName)} is not running: start it first`,
    );
  }
}

/** The epoch is running already. */
export class EpochNotStartableError extends NetSimError {
  /** Creates the error. */
  constructor(/** The epoch. */ readonly epochId: EpochId, nodeName?: string) {
    super(
      "EpochNotStartableError",
      `Cannot start epoch "${epochId}"${ofNode(nodeName)}: it is running already`,
    );
  }
}

/** The epoch still holds packets. */
export class CannotFinishNonEmptyEpochError extends NetSimError {
  /** Creates the error. */
  constructor(/** The epoch. */ readonly epochId: EpochId, nodeName?: string) {
    super(
      "CannotFinishNonEmptyEpochError",
      `Cannot finish epoch "${epochId}"${
        ofNode(nodeName)
      }: it holds packets; consume, destroy or send them first`,
    );
  }
}

/** An output port of the epoch still holds packets. */
export class UnsentOutputSalvoError extends NetSimError {
  /** Creates the error. */
  constructor(
    /** The epoch. */ readonly epochId: EpochId,
    /** The port. */ readonly portName: string,
    nodeName?: string,
  ) {
    super(
      "UnsentOutputSalvoError",
      `Cannot finish epoch "${epochId}": output port "${portName}"${
        ofNode(nodeName)
      } holds packets; send or destroy them first`,
    );
  }
}

/** The packet is not inside an epoch. */
export class PacketNotInAnyNodeError extends NetSimError {
  /** Creates the error. */
  constructor(/** The packet. */ readonly packetId: PacketId) {
    super(
      "PacketNotInAnyNodeError",
      `Cannot load packet "${packetId}" into an output port: it is not inside an epoch`,
    );
  }
}

/** The node of the epoch has no such output port. */
export class OutputPortNotFoundError extends NetSimError {
  /** Creates the error. */
  constructor(
    /** The port. */ readonly portName: string,
    /** The epoch. */ readonly epochId: EpochId,
    nodeName?: string,
  ) {
    super(
      "OutputPortNotFoundError",
      `Node${quoted(nodeName)} of epoch "${epochId}" has no output port "${portName}"`,
    );
  }
}

/** The output port has no room. */
export class OutputPortFullError extends NetSimError {
  /** Creates the error. */
  constructor(
    /** The port. */ readonly portName: string,
    /** The epoch. */ readonly epochId: EpochId,
    nodeName?: string,
    capacity?: number,
  ) {
    super(
      "OutputPortFullError",
      `Output port "${portName}"${ofNode(nodeName)} is full in epoch "${epochId}"${
        capacityOf(capacity)
      }: send its packets first`,
    );
  }
}

/** The node of the epoch has no such output condition. */
export class SalvoConditionNotFoundError extends NetSimError {
  /** Creates the error. */
  constructor(
    /** The condition. */ readonly conditionName: string,
    /** The epoch. */ readonly epochId: EpochId,
    nodeName?: string,
  ) {
    super(
      "SalvoConditionNotFoundError",
      `Node${
        quoted(nodeName)
      } of epoch "${epochId}" has no output salvo condition "${conditionName}"`,
    );
  }
}

/** The output condition does not hold. */
export class SalvoConditionNotMetError extends NetSimError {
  /** Creates the error. */
  constructor(
    /** The condition. */ readonly conditionName: string,
    /** The epoch. */ readonly epochId: EpochId,
    nodeName?: string,
  ) {
    super(
      "SalvoConditionNotMetError",
      `Cannot send from epoch "${epochId}": output salvo condition "${conditionName}"${
        ofNode(nodeName)
      } is not met by the packets at its output ports`,
    );
  }
}

/** The epoch has sent as many salvos of that condition as it may. */
export class MaxSalvosExceededError extends NetSimError {
  /** Creates the error. */
  constructor(
    /** The condition. */ readonly conditionName: string,
    /** The epoch. */ readonly epochId: EpochId,
    nodeName?: string,
    maxSalvos?: number,
  ) {
    super(
      "MaxSalvosExceededError",
      `Cannot send from epoch "${epochId}": it has sent all salvos of condition "${conditionName}"${
        ofNode(nodeName)
      } that max salvos allows${maxSalvos === undefined ? "" : ` (${maxSalvos})`}`,
    );
  }
}

/** The graph has no such node. */
export class NodeNotFoundError extends NetSimError {
  /** Creates the error. */
  constructor(/** The node. */ readonly nodeName: string) {
    super("NodeNotFoundError", `There is no node "${nodeName}" in the graph`);
  }
}

/** The node has no such input port. */
export class InputPortNotFoundError extends NetSimError {
  /** Creates the error. */
  constructor(
    /** The port. */ readonly portName: string,
    /** The node. */ readonly nodeName: string,
  ) {
    super("InputPortNotFoundError", `Node "${nodeName}" has no input port "${portName}"`);
  }
}

/** The input port has no room. */
export class InputPortFullError extends NetSimError {
  /** Creates the error. */
  constructor(
    /** The port. */ readonly portName: string,
    /** The node. */ readonly nodeName: string,
    capacity?: number,
  ) {
    super(
      "InputPortFullError",
      `Input port "${portName}" of node "${nodeName}" is full${capacityOf(capacity)}`,
    );
  }
}

/** The packet is not at exactly that input port. */
export class PacketNotAtInputPortError extends NetSimError {
  /** Creates the error. */
  constructor(
    /** The packet. */ readonly packetId: PacketId,
    /** The port. */ readonly portName: string,
    /** The node. */ readonly nodeName: string,
  ) {
    super(
      "PacketNotAtInputPortError",
      `Packet "${packetId}" is not at input port "${portName}" of node "${nodeName}"`,
    );
  }
}

/** A salvo lists the packet twice. */
export class DuplicatePacketInSalvoError extends NetSimError {
  /** Creates the error. */
  constructor(/** The packet. */ readonly packetId: PacketId) {
    super("DuplicatePacketInSalvoError", `The salvo lists packet "${packetId}" more than once`);
  }
}

/** Packets leave a running epoch by salvos only. */
export class CannotMovePacketFromRunningEpochError extends NetSimError {
  /** Creates the error. */
  constructor(
    /** The packet. */ readonly packetId: PacketId,
    /** The epoch. */ readonly epochId: EpochId,
    nodeName?: string,
  ) {
    super(
      "CannotMovePacketFromRunningEpochError",
      `Cannot move packet "${packetId}" out of epoch "${epochId}"${
        ofNode(nodeName)
      }: it is running; send the packet by a salvo instead`,
    );
  }
}

/** Packets do not enter a running epoch. */
export class CannotMovePacketIntoRunningEpochError extends NetSimError {
  /** Creates the error. */
  constructor(
    /** The packet. */ readonly packetId: PacketId,
    /** The epoch. */ readonly epochId: EpochId,
    nodeName?: string,
  ) {
    super(
      "CannotMovePacketIntoRunningEpochError",
      `Cannot move packet "${packetId}" into epoch "${epochId}"${ofNode(nodeName)}: it is running`,
    );
  }
}

/** The graph has no such edge. */
export class EdgeNotFoundError extends NetSimError {
  /** Creates the error. */
  constructor(/** The edge. */ readonly edge: Edge) {
    super("EdgeNotFoundError", `There is no edge ${formatEdge(edge)} in the graph`);
  }
}

/** The node of a request is not in the graph. */
export class RequestNodeNotFoundError extends NetSimError {
  /** Creates the error. */
  constructor(/** The node. */ readonly nodeName: string) {
    super(
      "RequestNodeNotFoundError",
      `Cannot request packets for node "${nodeName}": there is no such node in the graph`,
    );
  }
}

/** A request came to an input port that no edge leads to. */
export class RequestUnconnectedPortError extends NetSimError {
  /** Creates the error. */
  constructor(
    /** The node. */ readonly nodeName: string,
    /** The port. */ readonly portName: string,
    /** What happened before, in the step or steps that failed. */ readonly events: NetEvent[] = [],
  ) {
    super(
      "RequestUnconnectedPortError",
      `Cannot resolve a request: nothing leads to input port "${portName}" of node "${nodeName}"; connect it, or start the node by hand`,
    );
  }
}

/** The simulator was not blocked after the allowed number of steps. */
export class StepLimitExceededError extends NetSimError {
  /** Creates the error. */
  constructor(
    /** How many steps were allowed. */ readonly maxSteps: number,
    /** What happened before, in the step or steps that failed. */ readonly events: NetEvent[],
  ) {
    super(
      "StepLimitExceededError",
      `Not blocked after ${maxSteps} steps: a condition may trigger without taking packets; change it, or raise \`maxSteps\``,
    );
  }
}

/** The graph cannot be used. `errors` lists everything that is wrong. */
export class InvalidGraphError extends NetSimError {
  /** Creates the error. */
  constructor(/** What is wrong. */ readonly errors: GraphIssue[]) {
    super(
      "InvalidGraphError",
      `Invalid graph:${errors.map((issue) => `\n- ${issue.message}`).join("")}`,
    );
  }
}

/** An undo was refused, and nothing was changed: actions are undone last in, first out. */
export abstract class UndoError extends NetSimError {
  /** The packet, if it is about one. */
  declare readonly packetId?: PacketId;
  /** The epoch, if it is about one. */
  declare readonly epochId?: EpochId;

  /** Creates the error. */
  constructor(className: string, subject: UndoSubject, reason: string) {
    super(className, `Cannot undo: ${reason}`);
    Object.assign(this, subject);
  }
}

/** What an undo failed at. */
export type UndoSubject = { packetId: PacketId } | { epochId: EpochId };

/** The state is not the one that the action left behind. */
export class UndoStateMismatchError extends UndoError {
  /** Creates the error. */
  constructor(subject: UndoSubject, reason: string) {
    super("UndoStateMismatchError", subject, reason);
  }
}

/** A packet or epoch that the undo needs is gone. */
export class UndoNotFoundError extends UndoError {
  /** Creates the error. */
  constructor(subject: UndoSubject, reason: string) {
    super("UndoNotFoundError", subject, reason);
  }
}

function quoted(nodeName: string | undefined): string {
  return nodeName === undefined ? "" : ` "${nodeName}"`;
}

function ofNode(nodeName: string | undefined): string {
  return nodeName === undefined ? "" : ` of node "${nodeName}"`;
}

function capacityOf(capacity: number | undefined): string {
  return capacity === undefined ? "" : ` (capacity ${capacity})`;
}
