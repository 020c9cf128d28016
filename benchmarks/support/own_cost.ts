/**
 * Runs on the platform's Deno, without imports of ours: loads the function, answers its upstream calls
 * in process, and prints the milliseconds of processor time that a page costs.
 *
 *     deno run -A own_cost.ts <function> <token> <upstream's answers as JSON> <pages>
 */
import process from "node:process";

const [entry = "", token = "", answers = "{}", pages = "0"] = Deno.args;
const { opened } = JSON.parse(answers);
type Handler = (request: Request) => Response | Promise<Response>;
let handler: Handler | undefined;
Object.defineProperty(Deno, "serve", { value: (given: Handler) => handler = given });
globalThis.fetch = (async (input: RequestInfo | URL, init?: RequestInit) => {
  const request = new Request(input, init);
  if (request.url.includes("/rpc/")) {
    const self = { ...opened.participant, participant_id: crypto.randomUUID() };
    const people = [opened.people[0], self];
    return Response.json({ ...opened, participant: self, people });
  }
  const body = await request.json();
  const attendee = { AttendeeId: crypto.randomUUID(), JoinToken: "t".repeat(212) };
  return Response.json({ Attendee: { ...attendee, ExternalUserId: body.ExternalUserId } });
}) as typeof fetch;
Object.assign(console, { log: () => {} });
await import(entry);

async function open(): Promise<void> {
  const response = await handler?.(
    new Request(`http://localhost/chime-page/${opened.appointment.id}`, {
      headers: {
        Accept: "text/html",
        "Accept-Encoding": "br",
        "Accept-Language": "fr-CM,fr;q=0.9",
        Authorization: `Bearer ${token}`,
      },
    }),
  );
  await response?.arrayBuffer();
  if (response?.status !== 200) throw new Error(`Cannot open a page: ${response?.status}`);
}

/** Of all threads. Deno 2.1 has no `process.cpuUsage`. */
function cpuMs(): number {
  const stat = Deno.readTextFileSync("/proc/self/stat");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

for (let page = 0; page < 500; page++) await open();
const before = cpuMs();
for (let page = 0; page < Number(pages); page++) await open();
process.stdout.write(`${(cpuMs() - before) / Number(pages)}\n`);
