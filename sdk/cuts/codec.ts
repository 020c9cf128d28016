/**
 * Chime's signalling messages. The SDK carries eleven generated functions for each of 53 messages and
 * uses three of them on the way through a library; what they do follows from a table of fields.
 *
 * The table is read from the generated functions, and the functions are written again from the
 * table: only if the text is the same to the last sign, nothing in them was overlooked.
 */
import { fileURLToPath } from "node:url";
import {
  constructorText,
  decodeText,
  encodeText,
  type EnumTable,
  type Field,
  INITIAL,
  LETTERS,
  type MessageTable,
  withoutGuards,
} from "./codec_text.ts";
import { type Cut, CutError } from "./cut.ts";

const NAME = "codec";
const RUNTIME = fileURLToPath(new URL("codec_runtime.ts", import.meta.url));

const fail = (reason: string): never => {
  throw new CutError(NAME, reason);
};

/** The text without comments and without indentation. */
function normalize(text: string): string {
  return text.replace(/\/\*\*[\s\S]*?\*\//g, "").replace(/^[ \t]*\/\/.*$/gm, "")
    .replace(/^[ \t]+/gm, "").replace(/\n{2,}/g, "\n").trim();
}

/** Reads the fields from the function that decodes them. */
function fieldsOf(message: string, text: string): Field[] {
  const decode = new RegExp(`^${message}\\.decode = function[\\s\\S]*?^};`, "m").exec(text)?.[0] ??
    fail(`${message} has no decode function`);
  return [...decode.matchAll(/^case (\d+): \{\n([\s\S]*?)^break;\n\}/gm)].map((match) => {
    const [, number = "", body = ""] = match;
    const [, name = "", read = "", nested = ""] =
      /message\.(\w+)(?: = |\.push\()(?:reader\.(\w+)\(\)|\$root\.(\w+)\.decode\()/.exec(body) ??
        fail(`${message} reads field ${number} in an unknown way`);
    const initial = new RegExp(`^${message}\\.prototype\\.${name} = (.*);$`, "m").exec(text)?.[1] ??
      fail(`${message}.${name} has no default`);
    const label = body.includes(".push(")
      ? "repeated"
      : decode.includes(`"missing required '${name}'"`)
      ? "required"
      : "optional";
    return { name, number: Number(number), type: read || nested, label, initial };
  });
}

/** How an enumeration is written in its owner, a message or `$root`. */
const ENUMERATION = (owner: string) =>
  new RegExp(
    `^${owner.replace("$", "\\$")}\\.(\\w+) = \\(function\\(\\) \\{
var valuesById = \\{\\}, values = Object.create\\(valuesById\\);
((?:values\\[valuesById\\[-?\\d+\\] = "\\w+"\\] = -?\\d+;\\n)+)return values;
\\}\\)\\(\\);`,
    "gm",
  );

function enumsOf(text: string, owner: string): EnumTable[] {
  return [...text.matchAll(ENUMERATION(owner))].map(([, name = "", lines = ""]) => ({
    name,
    values: [...lines.matchAll(/\[(-?\d+)\] = "(\w+)"\] = (-?\d+);/g)].map(
      ([, back, value = "", number]) => {
        if (back !== number) fail(`${name}.${value} has two numbers`);
        return [value, Number(number)] as const;
      },
    ),
  }));
}

// Never called by the SDK, which only creates, encodes and decodes.
const UNUSED = "encodeDelimited|decodeDelimited|verify|fromObject|toObject|toJSON|getTypeUrl";
// The name of the field that is set; nothing asks for it.
const ONE_OF = `var $oneOfFields;
Object.defineProperty(SdkTranscriptEvent.prototype, "Event", {
get: $util.oneOfGetter($oneOfFields = ["status", "transcript"]),
set: $util.oneOfSetter($oneOfFields)
});`;

/** Refuses a message in which there is more than its functions, its defaults and its enumerations. */
function refuseRest(name: string, body: string): void {
  const rest = body.replace(ONE_OF, "").replace(ENUMERATION(name), "")
    .replaceAll(
      new RegExp(`^${name}\\.(?:prototype\\.)?(?:${UNUSED}) = function[\\s\\S]*?^};$`, "gm"),
      "",
    )
    .replaceAll(new RegExp(`^${name}\\.prototype\\.\\w+ = .*;$`, "gm"), "")
    .trim();
  if (rest !== "") fail(`${name} holds something unknown: ${rest.slice(0, 80)}`);
}

/** Reads all messages, and proves that nothing in their three functions was overlooked. */
export function readTable(source: string): { messages: MessageTable[]; enums: EnumTable[] } {
  const text = withoutGuards(normalize(source));
  if (!text.includes("$util.Long = undefined;\n$protobuf.configure();")) {
    fail("64-bit numbers are no longer plain numbers");
  }
  const blocks = [
    ...text.matchAll(/^\$root\.(\w+) = \(function\(\) \{\n([\s\S]*?)^return \1;\n/gm),
  ];
  const messages = blocks.map(([, name = "", body = ""]) => {
    const fields = fieldsOf(name, body);
    const written = [
      encodeText(name, fields),
      decodeText(name, fields),
      constructorText(name, fields),
      `${name}.create = function create(properties) {\nreturn new ${name}(properties);\n};`,
    ];
    const missing = written.find((one) => !body.includes(one));
    if (missing !== undefined) fail(`${name} does more than its table: ${missing.split("\n")[0]}`);
    refuseRest(name, written.reduce((rest, one) => rest.replace(one, ""), body));
    return { name, fields, enums: enumsOf(body, name) };
  });
  const count = (text.match(/^\w+\.encode = function/gm) ?? []).length;
  if (count !== messages.length) fail(`${count} messages are there, ${messages.length} were read`);
  return { messages, enums: enumsOf(text, "$root") };
}

function fieldText(field: Field, places: ReadonlyMap<string, number>): string {
  const { name, number, type, label, initial } = field;
  const letter = LETTERS[type] ?? places.get(type) ?? fail(`${type} is not a message`);
  const flag = { required: "!", repeated: "*", optional: "" }[label];
  const usual = label === "repeated" ? "$util.emptyArray" : INITIAL[type] ?? "null";
  if (initial !== usual && !/^-?\d+$/.test(initial)) fail(`${name} has the default ${initial}`);
  return `${name}:${number}:${letter}${flag}${initial === usual ? "" : `=${initial}`}`;
}

const enumText = ({ values }: EnumTable) =>
  JSON.stringify(values.map(([name, number]) => `${name}:${number}`).join(" "));

/** The whole module anew: a table and the program that reads it. */
export function tableModule(source: string): string {
  const { messages, enums } = readTable(source);
  const places = new Map(messages.map(({ name }, place) => [name, place]));
  const table = messages.map(({ fields }) =>
    JSON.stringify(fields.map((field) => fieldText(field, places)).join(" "))
  );
  return [
    `import { enumeration, messageTypes } from ${JSON.stringify(RUNTIME)};`,
    `const [${messages.map(({ name }) => name).join(", ")}] = messageTypes([${table.join(",")}]);`,
    ...messages.flatMap(({ name, enums }) =>
      enums.map((one) => `${name}.${one.name} = enumeration(${enumText(one)});`)
    ),
    ...enums.map((one) => `const ${one.name} = enumeration(${enumText(one)});`),
    `export { ${[...messages, ...enums].map(({ name }) => name).join(", ")} };`,
  ].join("\n");
}

/** See the file's head. */
export const codec: Cut = {
  name: NAME,
  what: "generated protobuf functions and their library: a table of fields instead",
  atLeast: 1,
  appliesTo: (path) => path === "build/signalingprotocol/SignalingProtocol.js",
  apply: (source) => ({ source: tableModule(source), found: 1 }),
};
