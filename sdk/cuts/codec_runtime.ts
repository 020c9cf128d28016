/**
 * Reads and writes protobuf messages by a table (https://protobuf.dev/programming-guides/encoding).
 * Runs in the page, in place of the SDK's generated functions and their library, and gives the same
 * bytes and the same objects: `tests/sdk/codec_test.ts` compares them.
 *
 * A message is one line: fields parted by blanks, each `name:number:type`, then `!` if required, `*`
 * if repeated, or `=3` for a default of its own. A type is a letter of {@link SCALARS} or the place
 * of a message in the table.
 */
import {
  DEPTH,
  type Reader,
  SCALARS,
  skip,
  unsigned,
  writeBytes,
  writeVarint,
} from "./codec_wire.ts";

/** A message of any kind; its fields are known to the table alone. */
export type Message = Record<string, unknown>;

/** What the SDK uses of a generated message class. */
export interface MessageType {
  new (properties?: object): Message;
  create(properties?: object): Message;
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Message;
}

interface Field {
  readonly name: string;
  readonly number: number;
  /** A letter, or the place of a message. */
  readonly type: string;
  readonly required: boolean;
  readonly repeated: boolean;
  readonly initial: unknown;
}

function parseField(text: string): Field {
  const [, name = "", number, type = "", flag, initial] =
    /^(\w+):(\d+):(\w+?)([!*]?)(?:=(.+))?$/.exec(text) ?? [];
  const scalar = SCALARS[type];
  return {
    name,
    number: Number(number),
    type,
    required: flag === "!",
    repeated: flag === "*",
    initial: flag === "*"
      ? Object.freeze([])
      : initial !== undefined
      ? Number(initial)
      : scalar?.initial() ?? null,
  };
}

const has = (message: object, name: string) => Object.hasOwnProperty.call(message, name);

/** Makes the classes of a table, in its order. */
export function messageTypes(table: readonly string[]): MessageType[] {
  const fieldsOf = table.map((line) => line === "" ? [] : line.split(" ").map(parseField));
  const types = fieldsOf.map(makeType);

  function writeValue(out: number[], field: Field, value: unknown, depth: number): void {
    const scalar = SCALARS[field.type];
    writeVarint(out, (field.number << 3 | (scalar?.wire ?? 2)) >>> 0);
    if (scalar !== undefined) return scalar.write(out, value as never);
    const inner: number[] = [];
    writeMessage(inner, Number(field.type), value as Message, depth + 1);
    writeBytes(out, inner);
  }
  function writeMessage(out: number[], place: number, message: Message, depth: number): void {
    if (depth > DEPTH) throw Error("max depth exceeded");
    for (const field of fieldsOf[place] ?? []) {
      const value = message[field.name];
      if (field.required) writeValue(out, field, value, depth);
      else if (value === null || value === undefined) continue;
      else if (field.repeated) {
        for (const one of value as unknown[]) writeValue(out, field, one, depth);
      } else if (has(message, field.name)) writeValue(out, field, value, depth);
    }
  }

  function readValue(reader: Reader, field: Field, depth: number): unknown {
    const scalar = SCALARS[field.type];
    if (scalar !== undefined) return scalar.read(reader);
    const length = unsigned(reader);
    return readMessage(reader, Number(field.type), reader.at + length, depth + 1);
  }
  function readField(reader: Reader, field: Field, message: Message, wire: number, depth: number) {
    if (!field.repeated) return message[field.name] = readValue(reader, field, depth);
    const known = message[field.name] as unknown[];
    const list = known.length > 0 ? known : message[field.name] = [] as unknown[];
    if (wire !== 2 || SCALARS[field.type]?.wire !== 0) {
      return list.push(readValue(reader, field, depth));
    }
    const length = unsigned(reader);
    for (const end = reader.at + length; reader.at < end;) {
      list.push(readValue(reader, field, depth));
    }
  }
  function readMessage(reader: Reader, place: number, end: number, depth: number): Message {
    if (depth > DEPTH) throw Error("maximum nesting depth exceeded");
    const fields = fieldsOf[place] ?? [];
    // The place comes from the table itself.
    const message = new types[place]!();
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

  function makeType(fields: readonly Field[], place: number): MessageType {
    const lists = fields.filter(({ repeated }) => repeated);
    class Type {
      [field: string]: unknown;
      constructor(properties: object = {}) {
        for (const { name } of lists) this[name] = [];
        for (const [name, value] of Object.entries(properties)) {
          if (value !== null && value !== undefined && name !== "__proto__") this[name] = value;
        }
      }
      static create(properties?: object): Message {
        return new Type(properties);
      }
      static encode(message: object): { finish(): Uint8Array } {
        const out: number[] = [];
        writeMessage(out, place, message as Message, 0);
        return { finish: () => Uint8Array.from(out) };
      }
      static decode(bytes: Uint8Array): Message {
        return readMessage({ bytes, at: 0 }, place, bytes.length, 0);
      }
    }
    for (const { name, initial } of fields) Type.prototype[name] = initial;
    return Type;
  }
  return types;
}

/** An enumeration both ways, as generated code has it: names to numbers, and back by prototype. */
export function enumeration(text: string): Record<string, number> {
  const entries = text.split(" ").map((entry) => entry.split(":"));
  const names = Object.fromEntries(entries.map(([name, number]) => [number, name]));
  return Object.assign(
    Object.create(names),
    Object.fromEntries(entries.map(([name, number]) => [name, Number(number)])),
  );
}
