/** Protobuf's wire format: how numbers, strings and bytes are read and written. Runs in the page. */

/** How deep messages may be nested; protobuf's own limit. */
export const DEPTH = 100;
const LIMIT = 4294967296;
// A byte order mark is text like any other.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** Bytes, and the position of the next one to read. */
export interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

function take(reader: Reader, length: number): Uint8Array {
  const start = reader.at;
  reader.at += length;
  if (reader.at > reader.bytes.length) throw RangeError("index out of range");
  return reader.bytes.subarray(start, reader.at);
}

/** A varint as its low and its high 32 bits. */
function varint(reader: Reader): [low: number, high: number] {
  let low = 0;
  let high = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const [byte = 0] = take(reader, 1);
    const bits = byte & 127;
    if (shift < 32) low |= bits << shift;
    if (shift === 28) high |= bits >> 4;
    if (shift > 28) high |= bits << (shift - 32);
    if (byte < 128) return [low >>> 0, high >>> 0];
  }
  throw Error("invalid varint encoding");
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Reads an unsigned number of 32 bits. */
export const unsigned = (reader: Reader) => varint(reader)[0];
const delimited = (reader: Reader) => take(reader, unsigned(reader));

function signed64(reader: Reader): number {
  const [low, high] = varint(reader);
  if (high >>> 31 === 0) return high * LIMIT + low;
  // Not one sum of the negative parts: near 2^63 that would round otherwise.
  const minusLow = (~low + 1) >>> 0;
  const minusHigh = (~high + (minusLow === 0 ? 1 : 0)) >>> 0;
  return -(minusHigh * LIMIT + minusLow);
}

/** Writes the low and the high 32 bits of a number, seven bits to a byte. */
export function writeVarint(out: number[], low: number, high = 0): void {
  while (high > 0 || low > 127) {
    out.push(low & 127 | 128);
    low = (low >>> 7 | high << 25) >>> 0;
    high >>>= 7;
  }
  out.push(low);
}

function writeNumber64(out: number[], value: number): void {
  const size = Math.abs(value);
  let low = size >>> 0;
  let high = (size - low) / LIMIT >>> 0;
  if (value < 0) {
    low = (~low + 1) >>> 0;
    high = (~high + (low === 0 ? 1 : 0)) >>> 0;
  }
  writeVarint(out, low, high);
}

/** Writes the length of bytes, then the bytes. */
export function writeBytes(out: number[], value: ArrayLike<number>): void {
  writeVarint(out, value.length);
  for (let at = 0; at < value.length; at++) out.push((value[at] ?? 0) & 255);
}

/** A scalar type: its wire type, its default, how it is read, and how it is written. */
export interface Scalar {
  readonly wire: number;
  readonly initial: () => unknown;
  readonly read: (reader: Reader) => unknown;
  // The values come from the SDK, which is typed against the generated classes.
  readonly write: (out: number[], value: never) => void;
}

/** The scalar types by their names in a schema; those that the SDK uses. */
export const SCALARS: Readonly<Record<string, Scalar>> = {
  bool: {
    wire: 0,
    initial: () => false,
    read: (reader) => unsigned(reader) !== 0,
    write: (out, value: unknown) => out.push(value ? 1 : 0),
  },
  int32: {
    wire: 0,
    initial: () => 0,
    read: (reader) => unsigned(reader) | 0,
    write: (out, value: number) => writeNumber64(out, value | 0),
  },
  uint32: {
    wire: 0,
    initial: () => 0,
    read: unsigned,
    write: (out, value: number) => writeVarint(out, value >>> 0),
  },
  int64: { wire: 0, initial: () => 0, read: signed64, write: writeNumber64 },
  uint64: {
    wire: 0,
    initial: () => 0,
    read(reader) {
      const [low, high] = varint(reader);
      return high * LIMIT + low;
    },
    write: writeNumber64,
  },
  double: {
    wire: 1,
    initial: () => 0,
    read: (reader) => view(take(reader, 8)).getFloat64(0, true),
    write(out, value: number) {
      const bytes = new Uint8Array(8);
      view(bytes).setFloat64(0, value, true);
      out.push(...bytes);
    },
  },
  string: {
    wire: 2,
    initial: () => "",
    read: (reader) => decoder.decode(delimited(reader)),
    write: (out, value: string) => writeBytes(out, encoder.encode(value)),
  },
  bytes: { wire: 2, initial: () => new Uint8Array(0), read: delimited, write: writeBytes },
};

/** Skips a field that the schema does not have. */
export function skip(reader: Reader, wire: number, depth: number): void {
  if (depth > DEPTH) throw Error("maximum nesting depth exceeded");
  if (wire === 0) varint(reader);
  else if (wire === 1) take(reader, 8);
  else if (wire === 2) delimited(reader);
  else if (wire === 5) take(reader, 4);
  else if (wire === 3) {
    for (let inner = 0; (inner = unsigned(reader) & 7) !== 4;) skip(reader, inner, depth + 1);
  } else throw Error(`invalid wire type ${wire} at offset ${reader.at}`);
}
