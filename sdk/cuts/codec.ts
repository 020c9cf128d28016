/**
 * Chime's signalling messages. For each of 53 messages the SDK has eleven generated functions, of which
 * it uses three, and their library. This replaces them by the schema, in the syntax of a .proto file,
 * and a small program that reads and writes messages by it.
 */
import { fileURLToPath } from "node:url";
import { readSchema } from "../codec/generated_code.ts";
import { type Schema, schemaText } from "../codec/schema.ts";
import { type Cut, CutError } from "./cut.ts";

const NAME = "codec";
const PROTOBUF = fileURLToPath(new URL("../codec/protobuf.ts", import.meta.url));

/** The module that replaces the generated one, with the same exports. */
export function codecModule(source: string): string {
  let schema: Schema;
  try {
    schema = readSchema(source);
  } catch (error) {
    throw new CutError(NAME, error instanceof Error ? error.message : String(error));
  }
  const messages = schema.messages.map(({ name }) => name).join(", ");
  // Enumerations inside a message are properties of its class.
  const enums = schema.enums.map(({ name }) => name).filter((name) => !name.includes(".")).join(
    ", ",
  );
  return `import { loadSchema } from ${JSON.stringify(PROTOBUF)};
const schema = loadSchema(${JSON.stringify(schemaText(schema))});
const { ${messages} } = schema.messages;
const { ${enums} } = schema.enums;
export { ${messages}, ${enums} };
`;
}

export const codec: Cut = {
  name: NAME,
  what: "generated protobuf functions and their library; a schema replaces them",
  atLeast: 1,
  appliesTo: (path) => path === "build/signalingprotocol/SignalingProtocol.js",
  apply: (source) => ({ source: codecModule(source), found: 1 }),
};
