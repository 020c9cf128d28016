import { parseArgs } from "node:util";

export const HELP = `deno task dev [options]

  --sql <path>      your own tables, views and rows instead of the demo people: an SQL file, or a
                    folder whose *.sql are run in the order of their names; may be repeated
  --as <subject> <appointment>
                    print one link, for this person of this appointment
  --port <number>   port of the project; 54321 by default, 0 for any free one
  --json            print one JSON line for programs instead of the table
  --hosted-domain   rewrite HTML to text as the hosted domain does
  --front           people reach the page through the CDN, as cdn:deploy --front sets it up
  --stand-ins       start only Chime and the CDN, and print the settings for
                    "supabase functions serve"; --port is then Chime's, 8090 by default
  --logs            show the function's log lines
  --help            this text
`;

/** The options of `deno task dev`. */
export type DevOptions = Exclude<ReturnType<typeof readOptions>, string>;

/**
 * Reads the command line. Returns a text where the command should only print that and exit.
 * @param args without the program
 */
export function readOptions(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        sql: { type: "string", multiple: true },
        as: { type: "string" },
        port: { type: "string" },
        json: { type: "boolean", default: false },
        "hosted-domain": { type: "boolean", default: false },
        front: { type: "boolean", default: false },
        "stand-ins": { type: "boolean", default: false },
        logs: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return HELP;
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
      return `Cannot read --port ${values.port}: it takes a number from 0 to 65535\n\n${HELP}`;
    }
    const [appointmentId, ...rest] = positionals;
    if ((values.as === undefined) !== (appointmentId === undefined) || rest.length > 0) {
      return `Cannot read the options: --as takes a subject and an appointment's id\n\n${HELP}`;
    }
    const as = values.as !== undefined && appointmentId !== undefined
      ? { subject: values.as, appointmentId }
      : undefined;
    return { ...values, port, as };
  } catch (error) {
    return `${error instanceof Error ? error.message : error}\n\n${HELP}`;
  }
}
