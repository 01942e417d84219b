/**
 * What can go wrong between two ends of a channel.
 *
 * @module
 */
import { NetrunError, type NetrunErrorOptions } from "../../sim/error.ts";

/** Root class of the errors of channels. */
export class RPCError extends NetrunError {}

/** The channel is closed, here or at the other end. */
export class ChannelClosed extends RPCError {
  /** Creates the error; `reason` says who closed it, or why. */
  constructor(reason: string = "it was closed", options?: NetrunErrorOptions) {
    super("ChannelClosed", `The channel cannot be used any more: ${reason}`, options);
  }
}

/** What carries the channel is gone, or what came over it cannot be read; it is closed now. */
export class ChannelBroken extends RPCError {
  /** What happened. */
  readonly reason: string;

  /** Creates the error. */
  constructor(reason: string, options?: NetrunErrorOptions) {
    super("ChannelBroken", `The channel is broken: ${reason}`, options);
    this.reason = reason;
  }
}

/** No message came in time; nothing is lost, the channel stays usable. */
export class RecvTimeout extends RPCError {
  /** How long was waited, in seconds. */
  readonly timeout: number;

  /** Creates the error; `what` is what was waited for. */
  constructor(timeout: number, what: string = "message") {
    super("RecvTimeout", `No ${what} came within ${timeout} s`);
    this.timeout = timeout;
  }
}

/** A message is larger than `max_message_size`; it was not sent, the channel stays usable. */
export class MessageTooLarge extends RPCError {
  /** Size of the message in bytes. */
  readonly size: number;
  /** The limit in bytes. */
  readonly limit: number;

  /** Creates the error. */
  constructor(size: number, limit: number) {
    super(
      "MessageTooLarge",
      `A message of ${size} bytes is larger than the limit of ${limit}: raise \`max_message_size\`, ` +
        "or send the value in parts",
    );
    this.size = size;
    this.limit = limit;
  }
}

/** A connection cannot be opened. */
export class ConnectError extends RPCError {
  /** Address that was to be reached. */
  readonly url: string;

  /** Creates the error. */
  constructor(url: string, reason: string, options?: NetrunErrorOptions) {
    super("ConnectError", `Cannot connect to ${url}: ${reason}`, options);
    this.url = url;
  }
}

/** An error of a class that is not known here, as it was thrown elsewhere. */
export class RemoteError extends NetrunError {
  /** Name of its class. */
  readonly type: string;

  /** Creates the error; its `name` is that of the class that was thrown. */
  constructor(type: string, message: string, options?: NetrunErrorOptions) {
    super("RemoteError", message, { code: "Remote", ...options });
    this.type = type;
    Object.defineProperty(this, "name", { value: type, configurable: true, writable: true });
  }
}
