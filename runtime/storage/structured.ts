/**
 * The default serialization: all that the structured clone algorithm keeps.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import v8 from "node:v8";
import { StoredValueCorruptError } from "./error.ts";
import { NotSerializableError } from "../packets/error.ts";
import { assertStorable } from "./storable.ts";

/** Second byte of everything that this runtime's serializer writes: the version of the format. */
const formatVersion = v8.serialize(null)[1]!;

/** Serializes any value that comes back equal. */
export function encodeStructured(value: unknown): Uint8Array<ArrayBuffer> {
  assertStorable(value, "a value");
  try {
    return plainBytes(v8.serialize(value));
  } catch {
    // The walk above and the serializer disagree only about objects that pretend to be others.
    throw new NotSerializableError("a value", "", "object that cannot be cloned");
  }
}

/** Reads what {@linkcode encodeStructured} wrote; the bytes name no code. */
export function decodeStructured(bytes: Uint8Array): unknown {
  if (bytes[0] !== 0xff) throw new StoredValueCorruptError("a value", "it is no serialized value");
  if (bytes[1]! > formatVersion) {
    throw new StoredValueCorruptError(
      "a value",
      `it was written by a newer runtime (format ${bytes[1]}, this one knows ${formatVersion})`,
    );
  }
  try {
    const reader = new CopyingDeserializer(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    );
    reader.readHeader();
    return reader.readValue();
  } catch (cause) {
    throw new StoredValueCorruptError("a value", "its bytes are damaged", { cause });
  }
}

/** By itself the deserializer returns views into its input, which would keep all of it alive. */
class CopyingDeserializer extends v8.DefaultDeserializer {
  _readHostObject(): unknown {
    const base = v8.DefaultDeserializer.prototype as unknown as {
      _readHostObject(): NodeJS.TypedArray | DataView;
    };
    const view = base._readHostObject.call(this);
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
    if (view instanceof DataView) return new DataView(bytes.buffer);
    if (view instanceof Buffer) return Buffer.from(bytes.buffer);
    const View = view.constructor as new (buffer: ArrayBuffer) => NodeJS.TypedArray;
    return new View(bytes.buffer);
  }
}

function plainBytes(buffer: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer.buffer as ArrayBuffer, buffer.byteOffset, buffer.byteLength);
}
