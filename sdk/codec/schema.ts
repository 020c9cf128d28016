/** A protobuf schema, as a .proto file describes it. */

/** A field, in the terms of a .proto file. */
export interface Field {
  readonly label: "required" | "optional" | "repeated";
  /** A scalar type such as `uint64`, or the name of a message. */
  readonly type: string;
  readonly name: string;
  readonly number: number;
  /** The default of a number where it is not 0; for an enumeration, its first value. */
  readonly initial?: number;
}

/** A message with its fields in the order of the schema. */
export interface Message {
  readonly name: string;
  readonly fields: readonly Field[];
}

/** An enumeration; one inside a message has its name before it: `SdkSignalFrame.Type`. */
export interface Enumeration {
  readonly name: string;
  readonly values: readonly (readonly [name: string, number: number])[];
}

/** Everything the generated code describes. */
export interface Schema {
  readonly messages: readonly Message[];
  readonly enums: readonly Enumeration[];
}

/** A field as a line of a .proto file. */
export function fieldLine({ label, type, name, number, initial }: Field): string {
  const suffix = initial === undefined ? "" : ` [default = ${initial}]`;
  return `${label} ${type} ${name} = ${number}${suffix};`;
}

/** A schema in the syntax of a .proto file. */
export function schemaText({ messages, enums }: Schema): string {
  return [
    ...messages.map(({ name, fields }) => `message ${name} {${fields.map(fieldLine).join("")}}`),
    ...enums.map(({ name, values }) =>
      `enum ${name} {${values.map(([value, number]) => `${value} = ${number};`).join("")}}`
    ),
  ].join("\n");
}
