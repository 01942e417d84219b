/**
 * Frames of messages that travel over WebSockets.
 *
 * @module
 */

/** Kinds of frames; the first byte of each. */
export const FRAME_KINDS = { DATA: 1, ACK: 2, PING: 3, PONG: 4 } as const;

/** Header of a data frame: kind, whether more follows, lane, length of the whole, number. */
const headerSize = 16;
/** An acknowledgement: kind, number of the last frame that came, bytes that were consumed. */
const ackSize = 17;

/** A part of a message. */
export interface DataFrame {
  /** Frames are numbered from 1, over all lanes and connections. */
  readonly number: number;
  /** Whether more of the message follows. */
  readonly hasMore: boolean;
  /** Messages of a lane follow one another. */
  readonly lane: number;
  /** Length of the whole message. */
  readonly size: number;
  readonly part: Uint8Array;
}

/** How far the other end is. */
export interface Acknowledgement {
  /** Number of the last frame that has come. */
  readonly number: number;
  /** Bytes of frames that were consumed so far. */
  readonly consumed: number;
}

/** Writes a data frame. */
export function dataFrame(frame: DataFrame): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerSize + frame.part.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FRAME_KINDS.DATA);
  view.setUint8(1, frame.hasMore ? 1 : 0);
  view.setUint16(2, frame.lane);
  view.setUint32(4, frame.size);
  view.setFloat64(8, frame.number);
  bytes.set(frame.part, headerSize);
  return bytes;
}

/** Reads a data frame; undefined if it is too short to be one. */
export function readDataFrame(data: ArrayBuffer): DataFrame | undefined {
  if (data.byteLength <= headerSize) return undefined;
  const view = new DataView(data);
  return {
    hasMore: view.getUint8(1) === 1,
    lane: view.getUint16(2),
    size: view.getUint32(4),
    number: view.getFloat64(8),
    part: new Uint8Array(data, headerSize),
  };
}

/** Writes an acknowledgement. */
export function ackFrame({ number, consumed }: Acknowledgement): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(ackSize);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FRAME_KINDS.ACK);
  view.setFloat64(1, number);
  view.setFloat64(9, consumed);
  return bytes;
}

/** Reads an acknowledgement; undefined if it is none. */
export function readAckFrame(data: ArrayBuffer): Acknowledgement | undefined {
  if (data.byteLength !== ackSize) return undefined;
  const view = new DataView(data);
  const acknowledgement = { number: view.getFloat64(1), consumed: view.getFloat64(9) };
  return Object.values(acknowledgement).every(Number.isInteger) ? acknowledgement : undefined;
}
