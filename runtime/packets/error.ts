/**
 * Errors of packet values: registering, computing and copying them.
 *
 * The store throws the simulator's `PacketNotFoundError` where a packet has no value.
 *
 * @module
 */
import type { PacketId } from "../../sim/action.ts";
import { NetrunError } from "../../sim/error.ts";

/** A packet already has a value; registering another would lose the first. */
export class PacketAlreadyRegisteredError extends NetrunError {
  /** The packet. */
  readonly packetId: PacketId;

  /** Creates the error. */
  constructor(packetId: PacketId, options?: ErrorOptions) {
    super(
      "PacketAlreadyRegisteredError",
      `Cannot register packet "${packetId}": it already has a value`,
      options,
    );
    this.packetId = packetId;
  }
}

/** The function that computes a lazy value threw; its error is the `cause`. */
export class LazyPacketValueEvaluationError extends NetrunError {
  /** The packet whose value could not be computed. */
  readonly packetId: PacketId;
  /** The function that was to compute it, as it was named. */
  readonly funcImportPath: string;

  /** Creates the error. */
  constructor(packetId: PacketId, funcImportPath: string, options: ErrorOptions) {
    const { cause } = options;
    super(
      "LazyPacketValueEvaluationError",
      `Cannot compute the value of packet "${packetId}": \`${funcImportPath}\` threw ${
        cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
      }`,
      options,
    );
    this.packetId = packetId;
    this.funcImportPath = funcImportPath;
  }
}

/** A value cannot be copied or stored; `path` says which part of it stands in the way. */
export class NotSerializableError extends NetrunError {
  /** Where in the value it is, such as `[0].callback`; empty for the value itself. */
  readonly path: string;
  /** What stands there, such as `function` or `Promise`. */
  readonly typeName: string;

  /**
   * Creates the error.
   *
   * @param subject What was to be copied, such as `packet "out"`.
   * @param path Where in it the obstacle is.
   * @param typeName What the obstacle is.
   */
  constructor(subject: string, path: string, typeName: string, options?: ErrorOptions) {
    super(
      "NotSerializableError",
      `Cannot copy ${subject}${path}: a value of type ${typeName} has no copy; send plain data instead`,
      options,
    );
    this.path = path;
    this.typeName = typeName;
  }
}
