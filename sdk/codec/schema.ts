/** A protobuf schema, as a .proto file describes it. */

export interface Field {
  readonly label: "required" | "optional" | "repeated";
  /** A scalar type such as `uint64`, or the name of a message. */
  readonly type: string;
  readonly name: string;
  readonly number: number;
  /** The default of a number where it is not 0; for an enumeration, its first value. */
  readonly initial?: number;
}

export interface Message {
  readonly name: string;
  readonly fields: readonly Field[];
}

/** An enumeration; one inside a message has its name before it: `SdkSignalFrame.Type`. */
export interface Enumeration {
  readonly name: string;
  readonly values: readonly (readonly [name: string, number: number])[];
}

export interface Schema {
  readonly messages: readonly Message[];
  readonly enums: readonly Enumeration[];
}

export function fieldLine({ label, type, name, number, initial }: Field): string {
  const suffix = initial === undefined ? "" : ` [default = ${initial}]`;
  return `${label} ${type} ${name} = ${number}${suffix};`;
}

export function schemaText({ messages, enums }: Schema): string {
  return [
    ...messages.map(({ name, fields }) => `message ${name} {${fields.map(fieldLine).join("")}}`),
    ...enums.map(({ name, values }) =>
      `enum ${name} {${values.map(([value, number]) => `${value} = ${number};`).join("")}}`
    ),
  ].join("\n");
}
