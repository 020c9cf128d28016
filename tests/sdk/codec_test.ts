import assert from "node:assert/strict";
import { readSchema } from "../../sdk/codec/generated_code.ts";
import { loadSchema } from "../../sdk/codec/protobuf.ts";
import { type Field, type Message, schemaText } from "../../sdk/codec/schema.ts";
import { codecModule } from "../../sdk/cuts/codec.ts";
import { CutError } from "../../sdk/cuts/cut.ts";
import { readSdk, requireFromSdk } from "./support.ts";
import { createRandom } from "../support/random.ts";

/** The part of a generated message class that is compared. */
interface Generated {
  create(properties: object): object;
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
}

const source = await readSdk("build/signalingprotocol/SignalingProtocol.js");
const schema = readSchema(source);
const { messages } = schema;
const enums = schema.enums.filter(({ name }) => !name.includes("."));

const original = requireFromSdk("./signalingprotocol/SignalingProtocol.js") as Record<
  string,
  Generated & Record<string, unknown>
>;
const loaded = loadSchema(schemaText(schema));
const made = { ...loaded.messages, ...loaded.enums } as Record<
  string,
  Generated & Record<string, unknown>
>;

const TEXTS = ["", "a", "ä€😀", "\uFEFFx", "attendee#content", "x".repeat(300)];
const NUMBERS_64 = [0, 1, 127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 1795280000000];
const NUMBERS_32 = [0, 1, 127, 128, 16383, 16384, 2 ** 31 - 1];

function pick<T>(random: () => number, values: readonly T[]): T {
  // The index is within the list.
  return values[Math.floor(random() * values.length)]!;
}

function scalar(random: () => number, type: string): unknown {
  switch (type) {
    case "bool":
      return random() < 0.5;
    case "string":
      return pick(random, TEXTS);
    case "bytes":
      return Uint8Array.from({ length: pick(random, [0, 1, 200]) }, () => random() * 256);
    case "double":
      return pick(random, [0, -1.5, 1e300, NaN, Infinity, 0.1]);
    case "int32":
      return pick(random, [...NUMBERS_32, -1, -(2 ** 31)]);
    case "uint32":
      return pick(random, [...NUMBERS_32, 2 ** 32 - 1]);
    case "int64":
      return pick(random, [...NUMBERS_64, -1, -128, -(2 ** 32), -(2 ** 53 - 1)]);
    default:
      return pick(random, NUMBERS_64);
  }
}

const tables = new Map(messages.map((one) => [one.name, one]));

/** A random message with some of its fields, nested a few levels deep. */
function message(random: () => number, table: Message, depth = 0): Record<string, unknown> {
  const value = (field: Field) => {
    const nested = tables.get(field.type);
    return nested === undefined ? scalar(random, field.type) : message(random, nested, depth + 1);
  };
  return Object.fromEntries(
    table.fields.flatMap((field): [string, unknown][] => {
      if (field.label !== "required" && random() < (depth > 2 ? 0.9 : 0.4)) return [];
      if (field.label !== "repeated") return [[field.name, value(field)]];
      return [[field.name, Array.from({ length: Math.floor(random() * 3) }, () => value(field))]];
    }),
  );
}

/** A decoded message as plain data: for each field, whether it is set, and its value. */
function plain(decoded: object, table: Message): unknown {
  return table.fields.map(({ name, type }) => {
    const value: unknown = Reflect.get(decoded, name);
    const nested = tables.get(type);
    const show = (one: unknown) =>
      nested !== undefined && typeof one === "object" && one !== null
        ? plain(one, nested)
        : one instanceof Uint8Array
        ? [...one]
        : one;
    const shown = Array.isArray(value) ? value.map(show) : show(value);
    // An absent 64-bit number is an object for 0 in the SDK's library, and the number itself here.
    const zero = typeof value === "object" && value !== null && "unsigned" in value ? 0 : shown;
    return [name, Object.hasOwn(decoded, name), zero];
  });
}

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error instanceof Error ? "refused" : error;
  }
}

Deno.test("the schema has every message and every enumeration, completely", () => {
  assert.equal(messages.length, 53);
  const inner = schema.enums.filter(({ name }) => name.includes("."));
  assert.ok(inner.length > 0);
  for (const { name, values } of inner) {
    const [owner = "", inside = ""] = name.split(".");
    assert.deepEqual({ ...made[owner]?.[inside] as object }, Object.fromEntries(values));
    assert.deepEqual({ ...made[owner]?.[inside] as object }, {
      ...original[owner]?.[inside] as object,
    });
  }
  for (const { name, values } of enums) {
    for (const [key, number] of values) {
      assert.equal(made[name]?.[key], number);
      assert.equal(made[name]?.[number], key);
      assert.equal(original[name]?.[number], key);
    }
  }
  assert.deepEqual(Object.keys(original).sort(), Object.keys(made).sort());
  const exported = /^export \{ (.*) \};$/m.exec(codecModule(source))?.[1]?.split(", ") ?? [];
  assert.deepEqual(exported.sort(), Object.keys(original).sort());
});

Deno.test("random messages give the same bytes as the SDK's own code", () => {
  const random = createRandom(1).next;
  for (let round = 0; round < 40; round++) {
    for (const table of messages) {
      const value = message(random, table);
      const [one, other] = [original[table.name], made[table.name]];
      assert.ok(one && other);
      const expected = one.encode(one.create(value)).finish();
      assert.deepEqual([...other.encode(other.create(value)).finish()], [...expected], table.name);
    }
  }
});

Deno.test("bytes are read as by the SDK's own code, and refused if they are truncated", () => {
  const random = createRandom(2).next;
  let refused = 0;
  let stricter = 0;
  for (let round = 0; round < 40; round++) {
    for (const table of messages) {
      const [one, other] = [original[table.name], made[table.name]];
      assert.ok(one && other);
      const whole = Uint8Array.from(one.encode(one.create(message(random, table))).finish());
      const short = whole.slice(0, Math.floor(random() * whole.length));
      const read = (type: Generated, bytes: Uint8Array) =>
        outcome(() => plain(type.decode(bytes), table));
      assert.deepEqual(read(other, whole), read(one, whole), `${table.name} ${whole}`);
      const [expected, got] = [read(one, short), read(other, short)];
      if (expected === "refused") refused++;
      // The SDK's library accepts a 64-bit number that breaks off after three bytes.
      if (got === "refused" && expected !== "refused") stricter++;
      else assert.deepEqual(got, expected, `${table.name} ${short}`);
    }
  }
  assert.ok(refused > 500 && stricter < refused / 20, `${refused} refused, ${stricter} more`);
});

Deno.test("unknown fields are skipped, packed lists are read, deep nesting is refused", () => {
  const one = original["SdkPauseResumeFrame"];
  const other = made["SdkPauseResumeFrame"];
  const table = tables.get("SdkPauseResumeFrame");
  assert.ok(one && other && table);
  for (
    const bytes of [
      // 1: packed 1, 2, 300; 2: one at a time
      [10, 4, 1, 2, 172, 2, 16, 7],
      // unknown: 15 varint, 14 fixed64, 13 bytes, 12 fixed32, 11 group with a varint in it
      [120, 1, 113, 0, 0, 0, 0, 0, 0, 0, 0, 106, 1, 9, 101, 0, 0, 0, 0, 91, 8, 1, 92, 8, 5],
      // wire types 6 and 7 do not exist
      [126],
      [127, 1],
      Array.from({ length: 300 }, () => 91),
    ]
  ) {
    const buffer = Uint8Array.from(bytes);
    const expected = outcome(() => plain(one.decode(buffer), table));
    assert.deepEqual(outcome(() => plain(other.decode(buffer), table)), expected);
  }
});

Deno.test("only overlong numbers, which no encoder writes, are read differently", () => {
  const one = original["SdkPauseResumeFrame"];
  const other = made["SdkPauseResumeFrame"];
  const table = tables.get("SdkPauseResumeFrame");
  assert.ok(one && other && table);
  // Field 2 as a number of so many bytes, its value 5, then field 1 with the value 7.
  const read = (type: Generated, length: number) => {
    const number = [133, ...Array.from({ length: length - 2 }, () => 128), 0];
    const bytes = Uint8Array.from([16, ...(length === 1 ? [5] : number), 8, 7]);
    return outcome(() => plain(type.decode(bytes), table));
  };
  const right = read(one, 1);
  for (const length of [1, 2, 3, 4, 5, 10]) {
    assert.deepEqual(read(one, length), right, `${length} bytes, the SDK's own`);
    assert.deepEqual(read(other, length), right, `${length} bytes`);
  }
  // Of 6 to 9 bytes the library takes ten, whatever the bytes after the number are.
  for (const length of [6, 7, 8, 9]) {
    assert.notDeepEqual(read(one, length), right, `${length} bytes, the SDK's own`);
    assert.deepEqual(read(other, length), right, `${length} bytes`);
  }
  for (const type of [one, other]) assert.equal(read(type, 11), "refused");
});

Deno.test("a codec that does more than its schema says fails the build", () => {
  const changes: readonly [from: string | RegExp, to: string][] = [
    ["message.timestampMs = reader.uint64();", "message.timestampMs = reader.fixed64();"],
    [".uint64(message.timestampMs);", ".uint64(message.timestampMs + 1);"],
    ["message.type = reader.int32();", "message.type = reader.uint32();"],
    ["SdkSignalFrame.prototype.error = null;", "SdkSignalFrame.prototype.error = 5 + 1;"],
    ["$util.Long = undefined;", ""],
    ["SdkErrorFrame.create = function", "SdkErrorFrame.seal = function"],
    ["    return SdkErrorFrame;", "    SdkErrorFrame.more = 1;\n    return SdkErrorFrame;"],
    [/SdkSignalFrame\.decode = /, "SdkSignalFrame.read = "],
  ];
  for (const [from, to] of changes) {
    const changed = source.replace(from, to);
    assert.notEqual(changed, source, String(from));
    assert.throws(() => codecModule(changed), CutError, String(from));
  }
});
