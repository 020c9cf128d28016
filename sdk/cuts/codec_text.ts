/**
 * What protobufjs generates for a message, written from a table of its fields. Comparing it with what
 * the SDK carries shows that the table says everything.
 */

// Newer generators also count how deep messages are nested. What reads the table always does.
const GUARDS: readonly (readonly [guarded: string, plain: string])[] = [
  ["encode(message, writer, q) {", "encode(message, writer) {"],
  [
    "if (q === undefined)\nq = 0;\nif (q > $util.recursionLimit)\n" +
    'throw Error("max depth exceeded");\n',
    "",
  ],
  [".fork(), q + 1).ldelim();", ".fork()).ldelim();"],
  ["decode(reader, length, error, long) {", "decode(reader, length) {"],
  [
    "if (long === undefined)\nlong = 0;\nif (long > $Reader.recursionLimit)\n" +
    'throw Error("maximum nesting depth exceeded");\n',
    "",
  ],
  ["if (tag === error)\nbreak;\n", ""],
  ["decode(reader, reader.uint32(), undefined, long + 1)", "decode(reader, reader.uint32())"],
  ["reader.skipType(tag & 7, long);", "reader.skipType(tag & 7);"],
  [' && keys[i] !== "__proto__")', ")"],
];

/** Generated text as an older generator would have written it. */
export function withoutGuards(text: string): string {
  const plain = GUARDS.reduce((result, [from, to]) => result.replaceAll(from, to), text);
  return plain.replaceAll(/\bmessage\.hasOwnProperty\(/g, "Object.hasOwnProperty.call(message, ");
}

/** One field of a message. */
export interface Field {
  readonly name: string;
  readonly number: number;
  /** A scalar by its protobuf name, or a message by its class. */
  readonly type: string;
  readonly label: "required" | "optional" | "repeated";
  /** The text of its default. */
  readonly initial: string;
}

/** A message, its fields in the order they are written in, and the enumeration inside it. */
export interface MessageTable {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly enums: readonly EnumTable[];
}

/** Names and numbers of an enumeration, in the order of the text. */
export interface EnumTable {
  readonly name: string;
  readonly values: readonly (readonly [name: string, number: number])[];
}

/** The letters of scalars in the table of `codec_runtime.ts`. */
export const LETTERS: Readonly<Record<string, string>> = {
  bool: "b",
  int32: "i",
  uint32: "u",
  int64: "l",
  uint64: "m",
  double: "d",
  string: "s",
  bytes: "y",
};
/** The text of a scalar's usual default. */
export const INITIAL: Readonly<Record<string, string>> = {
  bool: "false",
  int32: "0",
  uint32: "0",
  int64: "$util.Long ? $util.Long.fromBits(0,0,false) : 0",
  uint64: "$util.Long ? $util.Long.fromBits(0,0,true) : 0",
  double: "0",
  string: '""',
  bytes: "$util.newBuffer([])",
};
const WIRE: Readonly<Record<string, number>> = { double: 1, string: 2, bytes: 2 };

/** The function that writes a message. */
export function encodeText(message: string, fields: readonly Field[]): string {
  const lines = fields.flatMap((field) => {
    const { name, number, type, label } = field;
    const value = label === "repeated" ? `message.${name}[i]` : `message.${name}`;
    const wire = type in LETTERS ? WIRE[type] ?? 0 : 2;
    const tag = `writer.uint32(/* id ${number}, wireType ${wire} =*/${(number << 3 | wire) >>> 0})`;
    const write = type in LETTERS
      ? `${tag}.${type}(${value});`
      : `$root.${type}.encode(${value}, ${tag}.fork()).ldelim();`;
    if (label === "required") return [write];
    if (label === "repeated") {
      return [
        `if (message.${name} != null && message.${name}.length)`,
        `for (var i = 0; i < message.${name}.length; ++i)`,
        write,
      ];
    }
    return [
      `if (message.${name} != null && Object.hasOwnProperty.call(message, "${name}"))`,
      write,
    ];
  });
  return `${message}.encode = function encode(message, writer) {
if (!writer)
writer = $Writer.create();
${lines.map((line) => `${line}\n`).join("")}return writer;
};`;
}

/** The function that reads a message. */
export function decodeText(message: string, fields: readonly Field[]): string {
  const cases = fields.flatMap(({ name, number, type, label }) => {
    const read = type in LETTERS
      ? `reader.${type}()`
      : `$root.${type}.decode(reader, reader.uint32())`;
    const one = `message.${name}.push(${read});`;
    const packed = type in LETTERS && WIRE[type] === undefined;
    const body = label !== "repeated" ? [`message.${name} = ${read};`] : [
      `if (!(message.${name} && message.${name}.length))`,
      `message.${name} = [];`,
      ...(packed
        ? [
          "if ((tag & 7) === 2) {",
          "var end2 = reader.uint32() + reader.pos;",
          "while (reader.pos < end2)",
          one,
          "} else",
        ]
        : []),
      one,
    ];
    return [`case ${number}: {`, ...body, "break;", "}"];
  });
  const required = fields.filter(({ label }) => label === "required").flatMap(({ name }) => [
    `if (!Object.hasOwnProperty.call(message, "${name}"))`,
    `throw $util.ProtocolError("missing required '${name}'", { instance: message });`,
  ]);
  return `${message}.decode = function decode(reader, length) {
if (!(reader instanceof $Reader))
reader = $Reader.create(reader);
var end = length === undefined ? reader.len : reader.pos + length, message = new $root.${message}();
while (reader.pos < end) {
var tag = reader.uint32();
switch (tag >>> 3) {
${cases.map((line) => `${line}\n`).join("")}default:
reader.skipType(tag & 7);
break;
}
}
${required.map((line) => `${line}\n`).join("")}return message;
};`;
}

/** The class of a message. */
export function constructorText(message: string, fields: readonly Field[]): string {
  const lists = fields.filter(({ label }) => label === "repeated")
    .map(({ name }) => `this.${name} = [];\n`).join("");
  return `function ${message}(properties) {
${lists}if (properties)
for (var keys = Object.keys(properties), i = 0; i < keys.length; ++i)
if (properties[keys[i]] != null)
this[keys[i]] = properties[keys[i]];
}`;
}
