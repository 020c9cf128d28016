import { fileURLToPath } from "node:url";
import { developmentDatabase } from "./data_dir.ts";
import { STATES } from "./home_page.ts";
import { freshLink, linkOf, type LinkResult } from "./links.ts";
import type { DevOptions } from "./options.ts";
import { countVisits, type ListedPerson, listPeople } from "./people.ts";
import { type Stack, startStack } from "./stack.ts";
import { STAND_INS_PORT, startStandIns } from "./stand_ins.ts";
import { DEMO_PASSWORD } from "./supabase/demo_people.ts";
import { SqlFileError } from "./supabase/sql_files.ts";
import { print, progress } from "./terminal.ts";

type Stop = () => Promise<void>;
type PersonWithLink = ListedPerson & LinkResult;

/** Starts only the stand-ins, and prints the env file for `supabase functions serve`. */
export async function runStandIns({ port = STAND_INS_PORT }: DevOptions): Promise<Stop> {
  const { environment, stop } = await startStandIns(port).catch((error) => exit(error, port));
  // Only the file's lines go to standard output, so that it can be redirected.
  for (const [name, value] of Object.entries(environment)) print(`${name}=${value}`);
  progress("\nThe stand-ins run, and other machines in this network can reach them.");
  progress(
    "Save the lines above as supabase/functions/.env.local, then: " +
      "supabase functions serve --env-file supabase/functions/.env.local",
  );
  progress("Ctrl-C stops them.");
  return stop;
}

/** Starts the whole system and prints links. */
export async function runSystem(options: DevOptions): Promise<Stop> {
  const port = options.port ?? 54_321;
  const root = fileURLToPath(new URL("../", import.meta.url));
  const stack = await startStack({
    port,
    hostedDomain: options["hosted-domain"],
    front: options.front,
    onStep: (text) => progress(`  ${text}`),
    ...(options.sql
      // Always from the beginning, because somebody's SQL can rarely be run twice.
      ? { sql: options.sql, database: { kind: "pglite" } }
      : { database: { kind: "pglite", dataDir: await developmentDatabase(root) } }),
    ...(options.logs && !options.json ? { onLog: print } : {}),
  }).catch((error) => exit(error, port));
  const { people, more } = options.as
    ? { people: [], more: 0 }
    : await everybody(stack).catch((error) => {
      progress(`\nCannot read the views: ${error instanceof Error ? error.message : error}`);
      return { people: [], more: 0 };
    });
  const one = options.as && { ...options.as, ...await freshLink(stack, options.as) };
  if (options.json) {
    const { baseUrl, pageUrl, chime, cdn, supabase: { publishableKey } } = stack;
    const addresses = { baseUrl, pageUrl, chimeUrl: chime.url, cdnUrl: cdn.url, publishableKey };
    const listed = people.map(({ state, startsAt: _, invited: __, columns: ___, ...person }) => ({
      ...person,
      appointment: state,
    }));
    print(JSON.stringify({ ...addresses, people: one ? [one] : listed }));
    return stack.stop;
  }
  if (one) print(`\n  ${one.subject}  ${resultText(one)}`);
  else if (options.sql) printPeople(people, more);
  else printPair(people);
  printAddresses(stack, options);
  return stack.stop;
}

/** Makes the links one after the other, so that nobody waits behind the others for the database. */
async function everybody(stack: Stack) {
  const { sql } = stack.supabase;
  const people: PersonWithLink[] = [];
  for (const person of await listPeople(sql)) {
    people.push({ ...person, ...await linkOf(stack, person) });
  }
  const visits = new Set(people.map((one) => one.appointmentId)).size;
  return { people, more: await countVisits(sql) - visits };
}

function resultText(result: LinkResult): string {
  return "url" in result ? result.url : `refused (${result.problem}): ${result.detail}`;
}

/** The provider and the patient of the first visit. */
function printPair(people: readonly PersonWithLink[]): void {
  const id = people[0]?.appointmentId;
  const visit = people.filter((one) => one.appointmentId === id);
  const pair = ["provider", "patient"].flatMap((role) =>
    visit.find((one) => one.role === role) ?? []
  );
  print(pair.length > 0 ? "" : "\nchime_page.participants has no rows: add some, or use --sql");
  for (const one of pair) {
    print(`  ${one.role.padEnd(8)}  ${one.name}\n            ${resultText(one)}`);
  }
}

function printPeople(people: readonly PersonWithLink[], more: number): void {
  if (people.length === 0) print("\nchime_page.participants has no rows.");
  const widest = Math.max(0, ...people.map((one) => one.name.length));
  for (const [id, visit] of Map.groupBy(people, (one) => one.appointmentId)) {
    const [first] = visit;
    if (first) print(`\n${id}  ${first.startsAt?.toISOString() ?? ""}  ${STATES[first.state]}`);
    for (const one of visit) {
      print(`  ${one.name.padEnd(widest)}  ${one.role.padEnd(8)}  ${resultText(one)}`);
    }
    const left = (first?.invited ?? 0) - visit.length;
    if (left > 0) print(`  and ${left} more people: use --as`);
  }
  if (more > 0) print(`\n${more} more visits: open them from the home page, or use --as`);
}

function printAddresses(stack: Stack, { sql }: DevOptions): void {
  print(`
Open the second person in a private window. Each link opens once, within 10 minutes.
Everybody else, and fresh links at any time: ${stack.baseUrl}

For your own app
  project URL      ${stack.baseUrl}
  publishable key  ${stack.supabase.publishableKey}
  page             ${stack.pageUrl}
  sign in          ${
    sql
      ? "with the passwords of your auth.users"
      : `helene.mbarga@example.org or jean-pierre.etoundi@example.org, password ${DEMO_PASSWORD}`
  }

Chime stand-in ${stack.chime.url}   CDN stand-in ${stack.cdn.url}
deno task doctor ${stack.pageUrl}
Ctrl-C stops everything.`);
}

/** Ends the process with what a person can do about it. */
function exit(error: unknown, port: number): never {
  const text = error instanceof SqlFileError
    ? error.message
    : error instanceof Deno.errors.AddrInUse ||
        (error instanceof Error && "code" in error && error.code === "EADDRINUSE")
    ? `Port ${port} is taken: choose another with --port`
    : error instanceof Error
    ? error.stack
    : error;
  progress(String(text));
  Deno.exit(1);
}
