/**
 * Reads and writes protobuf messages by a schema (https://protobuf.dev/programming-guides/encoding).
 * Runs in the page, in place of the SDK's generated functions and their library, and gives the same
 * bytes and the same objects: `tests/sdk/codec_test.ts` compares them.
 *
 * @example
 * const { messages, enums } = loadSchema(`
 *   message Frame { required uint64 at = 1; optional int32 type = 2 [default = 1]; repeated Part parts = 3; }
 *   message Part { optional string text = 1; }
 *   enum Frame.Type { JOIN = 1; LEAVE = 2; }
 * `);
 */
import {
  DEPTH,
  type Reader,
  type Scalar,
  SCALARS,
  skip,
  unsigned,
  writeBytes,
  writeVarint,
} from "./wire.ts";

/** A message of any kind; only the schema knows its fields. */
export type Message = Record<string, unknown>;

/** The part of a generated message class that the SDK uses. Enumerations inside it are properties. */
export interface MessageType {
  new (properties?: object): Message;
  create(properties?: object): Message;
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Message;
}

/** An enumeration: names to numbers, and numbers to names by its prototype. */
export type Enumeration = Record<string, number>;

/** How a message is laid out. */
interface Layout {
  readonly type: MessageType;
  readonly fields: Field[];
}

interface Field {
  readonly name: string;
  readonly number: number;
  readonly required: boolean;
  readonly repeated: boolean;
  /** What the field is made of: a scalar, or another message. */
  readonly scalar: Scalar | undefined;
  readonly nested: Layout | undefined;
}

const FIELD = /(required|optional|repeated) (\w+) (\w+) = (\d+)(?: \[default = (-?\d+)\])?;/g;
const EMPTY: readonly unknown[] = Object.freeze([]);

/** Makes a class of each message and an object of each enumeration of a schema in .proto syntax. */
export function loadSchema(schema: string): {
  messages: Record<string, MessageType>;
  enums: Record<string, Enumeration>;
} {
  const blocks = [...schema.matchAll(/(message|enum) ([\w.]+) \{([^}]*)\}/g)];
  const layouts = new Map<string, Layout>();
  for (const [, kind, name = ""] of blocks) {
    if (kind === "message") layouts.set(name, createLayout());
  }
  const enums: Record<string, Enumeration> = {};
  for (const [, kind, name = "", body = ""] of blocks) {
    const layout = layouts.get(name);
    if (kind === "message" && layout !== undefined) addFields(layout, body, layouts);
    if (kind !== "enum") continue;
    const [owner = "", inner] = name.split(".");
    if (inner === undefined) enums[name] = createEnumeration(body);
    else Object.assign(layouts.get(owner)?.type ?? {}, { [inner]: createEnumeration(body) });
  }
  const messages = Object.fromEntries([...layouts].map(([name, { type }]) => [name, type]));
  return { messages, enums };
}

function createLayout(): Layout {
  const fields: Field[] = [];
  class Type {
    [field: string]: unknown;
    constructor(properties: object = {}) {
      for (const { name, repeated } of fields) if (repeated) this[name] = [];
      for (const [name, value] of Object.entries(properties)) {
        if (value !== null && value !== undefined && name !== "__proto__") this[name] = value;
      }
    }
    static create(properties?: object): Message {
      return new Type(properties);
    }
    static encode(message: object): { finish(): Uint8Array } {
      const out: number[] = [];
      writeMessage(out, layout, message as Message, 0);
      return { finish: () => Uint8Array.from(out) };
    }
    static decode(bytes: Uint8Array): Message {
      return readMessage({ bytes, at: 0 }, layout, bytes.length, 0);
    }
  }
  const layout: Layout = { type: Type, fields };
  return layout;
}

/** Adds the fields of a message's lines. An absent field reads as its default, by the prototype. */
function addFields(layout: Layout, lines: string, layouts: ReadonlyMap<string, Layout>): void {
  for (const [, label, type = "", name = "", number, initial] of lines.matchAll(FIELD)) {
    const scalar = SCALARS[type];
    const repeated = label === "repeated";
    layout.fields.push({
      name,
      number: Number(number),
      required: label === "required",
      repeated,
      scalar,
      nested: layouts.get(type),
    });
    layout.type.prototype[name] = repeated
      ? EMPTY
      : initial !== undefined
      ? Number(initial)
      : scalar?.initial() ?? null;
  }
}

function createEnumeration(body: string): Enumeration {
  const entries = [...body.matchAll(/(\w+) = (-?\d+);/g)].map(([, name = "", number]) =>
    [name, Number(number)] as const
  );
  const names = Object.fromEntries(entries.map(([name, number]) => [number, name]));
  return Object.assign(Object.create(names), Object.fromEntries(entries));
}

const has = (message: object, name: string) => Object.hasOwnProperty.call(message, name);

function writeMessage(out: number[], { fields }: Layout, message: Message, depth: number): void {
  if (depth > DEPTH) throw Error("max depth exceeded");
  for (const field of fields) {
    const value = message[field.name];
    if (field.required) writeValue(out, field, value, depth);
    else if (value === null || value === undefined) continue;
    else if (field.repeated) {
      for (const one of value as unknown[]) writeValue(out, field, one, depth);
    } else if (has(message, field.name)) writeValue(out, field, value, depth);
  }
}

function writeValue(out: number[], field: Field, value: unknown, depth: number): void {
  const { number, scalar, nested } = field;
  writeVarint(out, (number << 3 | (scalar?.wire ?? 2)) >>> 0);
  if (scalar !== undefined) scalar.write(out, value as never);
  else if (nested !== undefined) {
    const inner: number[] = [];
    writeMessage(inner, nested, value as Message, depth + 1);
    writeBytes(out, inner);
  }
}

function readMessage(reader: Reader, layout: Layout, end: number, depth: number): Message {
  if (depth > DEPTH) throw Error("maximum nesting depth exceeded");
  const { fields, type } = layout;
  const message = new type();
  while (reader.at < end) {
    const tag = unsigned(reader);
    const field = fields.find(({ number }) => number === tag >>> 3);
    if (field === undefined) skip(reader, tag & 7, depth);
    else readField(reader, field, message, tag & 7, depth);
  }
  for (const { name, required } of fields) {
    if (required && !has(message, name)) throw Error(`missing required '${name}'`);
  }
  return message;
}

function readField(
  reader: Reader,
  field: Field,
  message: Message,
  wire: number,
  depth: number,
): void {
  if (!field.repeated) {
    message[field.name] = readValue(reader, field, depth);
    return;
  }
  const known = message[field.name] as unknown[];
  const list = known.length > 0 ? known : message[field.name] = [] as unknown[];
  // Numbers may come packed: one length for all, then one number after the other.
  if (wire === 2 && field.scalar?.wire === 0) {
    const length = unsigned(reader);
    const end = reader.at + length;
    while (reader.at < end) list.push(readValue(reader, field, depth));
  } else list.push(readValue(reader, field, depth));
}

function readValue(reader: Reader, { scalar, nested }: Field, depth: number): unknown {
  if (scalar !== undefined) return scalar.read(reader);
  const length = unsigned(reader);
  return nested && readMessage(reader, nested, reader.at + length, depth + 1);
}
