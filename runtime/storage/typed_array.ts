/**
 * Arrays of numbers with their shapes: what the formats of numerical programs carry.
 *
 * @module
 */
import { StoredValueCorruptError, UnsupportedSerializationError } from "./error.ts";
import { NotSerializableError } from "../packets/error.ts";

/** An array of numbers of one type. */
export type NumberArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** An array of numbers with the lengths of its dimensions, the last one varying fastest. */
export interface Tensor {
  /** The numbers. */
  data: NumberArray;
  /** Lengths of the dimensions. */
  shape: number[];
}

type NumberArrayClass = {
  new (buffer: ArrayBuffer): NumberArray;
  readonly BYTES_PER_ELEMENT: number;
};

/** Each type of numbers: its class, and its names in numpy and safetensors. */
const numberTypes: readonly (readonly [NumberArrayClass, string, string])[] = [
  [Int8Array, "i1", "I8"],
  [Uint8Array, "u1", "U8"],
  [Int16Array, "i2", "I16"],
  [Uint16Array, "u2", "U16"],
  [Int32Array, "i4", "I32"],
  [Uint32Array, "u4", "U32"],
  [BigInt64Array, "i8", "I64"],
  [BigUint64Array, "u8", "U64"],
  [Float32Array, "f4", "F32"],
  [Float64Array, "f8", "F64"],
];

const decoder = new TextDecoder("utf-8", { fatal: true });
const encoder = new TextEncoder();

/** Writes a typed array, or one with its shape, as a `.npy` file. */
export function encodeNumpy(value: unknown): Uint8Array<ArrayBuffer> {
  const { data, shape } = tensorOf(value, "");
  const name = typeOf(data)[1];
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const order = name.endsWith("1") ? "|" : "<";
  const header = `{'descr': '${order}${name}', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const padded = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + "\n";
  const bytes = new Uint8Array(10 + padded.length + data.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
  bytes.set(encoder.encode(padded), 10);
  bytes.set(bytesOf(data), 10 + padded.length);
  return bytes;
}

/** Reads a `.npy` file: a typed array, or one with its shape if it has not one dimension. */
export function decodeNumpy(bytes: Uint8Array): NumberArray | Tensor {
  if (decoder.decode(bytes.subarray(1, 6)) !== "NUMPY" || bytes[0] !== 0x93) {
    throw corrupt(".npy", "it does not begin as one");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = bytes[6] === 1 ? 10 : 12;
  const length = bytes[6] === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const header = decoder.decode(bytes.subarray(start, start + length));
  const descr = /'descr':\s*'([<>|=]?)(\w+)'/.exec(header);
  const shapeText = /'shape':\s*\(([^)]*)\)/.exec(header);
  if (!descr || !shapeText) throw corrupt(".npy", "its header cannot be read");
  const type = numberTypes.find(([, name]) => name === descr[2]);
  if (!type || descr[1] === ">") {
    throw new UnsupportedSerializationError(
      "numpy",
      `an array of type "${descr[1]}${descr[2]}" is not read`,
    );
  }
  const shape = shapeText[1]!.split(",").filter((part) => part.trim() !== "").map(Number);
  const data = arrayOf(type[0], bytes.subarray(start + length), shape, ".npy");
  return withShape(/'fortran_order':\s*True/.test(header) ? byRows(data, shape) : data, shape);
}

/** Brings elements into the usual order, the last index running fastest, that had the first so. */
function byRows(data: NumberArray, shape: readonly number[]): NumberArray {
  const sorted = data.slice();
  const index = shape.map(() => 0);
  for (let at = 0; at < data.length; at++) {
    let place = 0;
    for (const [axis, size] of shape.entries()) place = place * size + index[axis]!;
    sorted[place] = data[at]!;
    for (let axis = 0; axis < shape.length; axis++) {
      if (++index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return sorted;
}

/** Writes an object of typed arrays, or of ones with shapes, as a `.safetensors` file. */
export function encodeSafetensors(value: unknown): Uint8Array<ArrayBuffer> {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) {
    throw new NotSerializableError("safetensors", "", "value that is no object of typed arrays");
  }
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, member] of Object.entries(value)) {
    const { data, shape } = tensorOf(member, `.${name}`);
    const start = end;
    end += data.byteLength;
    header[name] = { dtype: typeOf(data)[2], shape, data_offsets: [start, end] };
    parts.push(bytesOf(data));
  }
  const text = encoder.encode(JSON.stringify(header));
  const size = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + size + end).fill(32, 8, 8 + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(size), true);
  bytes.set(text, 8);
  let at = 8 + size;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Reads a `.safetensors` file. */
export function decodeSafetensors(bytes: Uint8Array): Record<string, NumberArray | Tensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw corrupt(".safetensors", "it is too short");
  const size = Number(view.getBigUint64(0, true));
  if (size > bytes.length - 8) throw corrupt(".safetensors", "its header is longer than the file");
  const header = JSON.parse(decoder.decode(bytes.subarray(8, 8 + size)));
  const tensors: Record<string, NumberArray | Tensor> = Object.create(null);
  for (const [name, entry] of Object.entries(header as Record<string, unknown>)) {
    if (name === "__metadata__") continue;
    const { dtype, shape, data_offsets: [start, end] } = entry as {
      dtype: string;
      shape: number[];
      data_offsets: [number, number];
    };
    const type = numberTypes.find(([, , name]) => name === dtype);
    if (!type) {
      throw new UnsupportedSerializationError("safetensors", `type "${dtype}" is not read`);
    }
    const part = bytes.subarray(8 + size + start, 8 + size + end);
    tensors[name] = withShape(arrayOf(type[0], part, shape, ".safetensors"), shape);
  }
  return tensors;
}

function tensorOf(value: unknown, path: string): Tensor {
  if (isNumberArray(value)) return { data: value, shape: [value.length] };
  const { data, shape } = (value ?? {}) as Partial<Tensor>;
  if (isNumberArray(data) && Array.isArray(shape) && product(shape) === data.length) {
    return { data, shape };
  }
  throw new NotSerializableError("the value", path, "value that is no typed array with its shape");
}

function isNumberArray(value: unknown): value is NumberArray {
  return numberTypes.some(([Class]) => value instanceof Class);
}

function typeOf(data: NumberArray): readonly [NumberArrayClass, string, string] {
  return numberTypes.find(([Class]) => data instanceof Class)!;
}

function bytesOf(data: NumberArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function arrayOf(
  Class: NumberArrayClass,
  bytes: Uint8Array,
  shape: readonly number[],
  what: string,
): NumberArray {
  const isShape = shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!isShape || bytes.length !== product(shape) * Class.BYTES_PER_ELEMENT) {
    throw corrupt(what, "its size and its shape do not agree");
  }
  return new Class(bytes.slice().buffer);
}

function withShape(data: NumberArray, shape: number[]): NumberArray | Tensor {
  return shape.length === 1 ? data : { data, shape };
}

function product(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

function corrupt(what: string, reason: string): StoredValueCorruptError {
  return new StoredValueCorruptError(`a ${what} file`, reason);
}
