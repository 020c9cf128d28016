/**
 * Reads the schema of Chime's signalling messages. The SDK's package has no .proto file, only the
 * JavaScript that protobufjs generated from one. It has every field twice: where it is written
 * (`encode`) and where it is read (`decode`).
 *
 * An unknown kind of statement throws, and so does a message that does not read the fields that it
 * writes: the build fails if a new version of the SDK, or of its generator, differs.
 */
import { type Enumeration, type Field, fieldLine, type Message, type Schema } from "./schema.ts";

/** A statement of generated code: its first line, and the lines inside it, without indentation. */
interface Statement {
  readonly head: string;
  readonly lines: readonly string[];
}

/** Functions that the SDK never calls: it only creates, encodes and decodes messages. */
const UNUSED =
  /\.(encodeDelimited|decodeDelimited|verify|fromObject|toObject|prototype\.toJSON|getTypeUrl) = function/;
/** A property that tells which field of several is set; nothing in the SDK reads it. */
const ONE_OF = /^var \$oneOfFields;$|^Object\.defineProperty\(\w+\.prototype, "\w+", \{$/;

const WRITE_SCALAR =
  /^writer\.uint32\(\/\* id (\d+), wireType (\d) =\*\/(\d+)\)\.(\w+)\(message\.(\w+)(\[i\])?\);$/;
const WRITE_MESSAGE =
  /^\$root\.(\w+)\.encode\(message\.(\w+)(\[i\])?, (writer.*)\.fork\(\)(?:, q \+ 1)?\)\.ldelim\(\);$/;
const CASE = /^case (\d+): \{$/;
const READ =
  /^message\.(\w+)( = |\.push\()(?:reader\.(\w+)\(\)|\$root\.(\w+)\.decode\(reader, reader\.uint32\(\)(?:, undefined, long \+ 1)?\))\)?;$/;
const REQUIRED = /\("missing required '(\w+)'", /;
const ENUM_VALUE = /^values\[valuesById\[(-?\d+)\] = "(\w+)"\] = \1;$/;

const WIRE_TYPES: Readonly<Record<string, number>> = {
  bool: 0,
  int32: 0,
  uint32: 0,
  int64: 0,
  uint64: 0,
  double: 1,
  string: 2,
  bytes: 2,
};
/** The default of an absent field in generated code, by type; `null` for a message. */
const DEFAULTS: Readonly<Record<string, string>> = {
  bool: "false",
  int32: "0",
  uint32: "0",
  int64: "$util.Long ? $util.Long.fromBits(0,0,false) : 0",
  uint64: "$util.Long ? $util.Long.fromBits(0,0,true) : 0",
  double: "0",
  string: '""',
  bytes: "$util.newBuffer([])",
};

/** Reads all messages and enumerations. Throws an error that names what it does not know. */
export function readSchema(source: string): Schema {
  const text = source.replace(/\/\*\*[\s\S]*?\*\//g, "").replace(/^[ \t]*\/\/.*$/gm, "");
  if (!text.includes("$util.Long = undefined;\n$protobuf.configure();")) {
    throw new Error("64-bit numbers are no longer plain numbers");
  }
  const messages: Message[] = [];
  const enums: Enumeration[] = [];
  const blocks = text.matchAll(/^\$root\.(\w+) = \(function\(\) \{\n([\s\S]*?)^\}\)\(\);/gm);
  for (const [, name = "", body = ""] of blocks) {
    if (body.startsWith("    var valuesById")) enums.push(readEnum(name, linesOf(body)));
    else {
      const read = readMessage(name, statementsOf(body));
      messages.push(read.message);
      enums.push(...read.enums);
    }
  }
  const count = text.match(/^ *\w+\.encode = function/gm)?.length ?? 0;
  if (count !== messages.length) {
    throw new Error(`it encodes ${count} messages, of which ${messages.length} were read`);
  }
  return { messages, enums };
}

const linesOf = (text: string) => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** The statements of a block. Its lines are indented by four spaces, what is in them by more. */
function statementsOf(block: string): Statement[] {
  const pattern = /^ {4}(\S.*\{)\n([\s\S]*?)^ {4}\}.*$|^ {4}(\S.*)$/gm;
  return [...block.matchAll(pattern)].map(([, head, body = "", line = ""]) =>
    head === undefined ? { head: line, lines: [] } : { head, lines: linesOf(body) }
  );
}

function readMessage(
  name: string,
  statements: readonly Statement[],
): { message: Message; enums: Enumeration[] } {
  const written: Field[] = [];
  const read: Field[] = [];
  const defaults = new Map<string, string>();
  const enums: Enumeration[] = [];
  let classes = 0;
  for (const { head, lines } of statements) {
    const [, property, value] = /^\w+\.prototype\.(\w+) = ([^{]*);$/.exec(head) ?? [];
    const [, inner] = /^\w+\.(\w+) = \(function\(\) \{$/.exec(head) ?? [];
    if (head.startsWith(`${name}.encode = function`)) written.push(...readEncode(name, lines));
    else if (head.startsWith(`${name}.decode = function`)) read.push(...readDecode(name, lines));
    else if (property !== undefined && value !== undefined) defaults.set(property, value);
    else if (inner !== undefined) enums.push(readEnum(`${name}.${inner}`, lines));
    else if (head === `function ${name}(properties) {` || head.startsWith(`${name}.create = `)) {
      classes++;
    } else if (head !== `return ${name};` && !UNUSED.test(head) && !ONE_OF.test(head)) {
      throw new Error(`${name} has an unknown statement: ${head}`);
    }
  }
  const show = (fields: readonly Field[]) => fields.map(fieldLine).join(" ");
  if (classes !== 2 || show(written) !== show(read) || defaults.size !== read.length) {
    throw new Error(`${name} does not read what it writes: ${show(read)}; ${show(written)}`);
  }
  const fields = read.map((field) => withDefault(name, field, defaults.get(field.name)));
  return { message: { name, fields }, enums };
}

function readEncode(message: string, lines: readonly string[]): Field[] {
  const fields: Field[] = [];
  for (const [at, line] of lines.entries()) {
    if (!line.includes("writer.uint32(")) continue;
    const nested = WRITE_MESSAGE.exec(line);
    // A nested message is read like a scalar that has the message's name as its type.
    const [, inner, field, list = "", writer] = nested ?? [];
    const plain = nested === null ? line : `${writer}.${inner}(message.${field}${list});`;
    const [, number = "", wire, tag, type = "", name = "", index] = WRITE_SCALAR.exec(plain) ?? [];
    const expected = nested === null ? WIRE_TYPES[type] : 2;
    if (Number(wire) !== expected || Number(tag) !== Number(number) * 8 + expected) {
      throw new Error(`${message} writes a field in an unknown way: ${line}`);
    }
    const isGuarded = lines[at - 1]?.startsWith(`if (message.${name} != null`) ?? false;
    const label = index !== undefined ? "repeated" : isGuarded ? "optional" : "required";
    fields.push({ label, type, name, number: Number(number) });
  }
  return fields;
}

function readDecode(message: string, lines: readonly string[]): Field[] {
  const fields = new Map<number, Field>();
  const required = new Set(lines.map((line) => REQUIRED.exec(line)?.[1]));
  let number = 0;
  for (const line of lines) {
    number = Number(CASE.exec(line)?.[1] ?? number);
    // Sets an empty list, which then gets its values one by one.
    if (!line.startsWith("message.") || line.endsWith(" = [];")) continue;
    const [, name, way, scalar, nested = ""] = READ.exec(line) ?? [];
    if (name === undefined) throw new Error(`${message} reads a field in an unknown way: ${line}`);
    const label = way !== " = " ? "repeated" : required.has(name) ? "required" : "optional";
    fields.set(number, { label, type: scalar ?? nested, name, number });
  }
  return [...fields.values()];
}

function withDefault(message: string, field: Field, text: string | undefined): Field {
  const usual = field.label === "repeated" ? "$util.emptyArray" : DEFAULTS[field.type] ?? "null";
  if (text === usual) return field;
  if (text === undefined || !/^-?\d+$/.test(text)) {
    throw new Error(`${message}.${field.name} has an unknown default: ${text}`);
  }
  return { ...field, initial: Number(text) };
}

function readEnum(name: string, lines: readonly string[]): Enumeration {
  // Between the line that declares the object and the line that returns it.
  const values = lines.slice(1, -1).map((line) => {
    const [, number, value] = ENUM_VALUE.exec(line) ?? [];
    if (value === undefined) throw new Error(`${name} has an unknown line: ${line}`);
    return [value, Number(number)] as const;
  });
  return { name, values };
}
