import {
  cookieOf,
  createVisit,
  logLine,
  openByToken,
  pageData,
  passUrl,
  startTestStack,
  type TestStack,
  type TestVisit,
  type VisitPlan,
} from "../support/visits.ts";
import { ANSWER_CHECKS, answerFaults, logFault } from "./answers.ts";
import type { FixtureVisit } from "./input_bodies.ts";
import { type Fixtures, type InputCase, makeCase } from "./input_cases.ts";
import { CANARY } from "./canary.ts";
import { createRandom } from "../support/random.ts";
import { type AttackOptions, type Figure, Tally } from "./report.ts";
import { breakConnections } from "./sockets.ts";
import { UNTHROTTLED } from "./unthrottled.ts";
import { Wire, type WireAnswer } from "./wire.ts";

const REQUESTS = 30_000;
const SHORT_REQUESTS = 1_000;
const CONNECTIONS = 400;
const SHORT_CONNECTIONS = 40;
/** Concurrent requests. */
const LANES = 8;

/** At least this share of the requests must succeed; otherwise the others prove little. */
const LEAST_SUCCESSFUL = 0.05;

/** Part of the names of all people of these visits: it must not reach the log. */
const NAME = "Zqname";

/** Hostile requests to all routes of a running function, over sockets, and the log it writes of them. */
export async function hostileInputs({ seed, short }: AttackOptions): Promise<readonly Figure[]> {
  const stack = await startTestStack({ chime: { limits: UNTHROTTLED }, workers: short ? 1 : 2 });
  try {
    const fixtures = await createFixtures(stack, short ? 6 : 40);
    const ports = stack.functions.map((one) => Number(new URL(one.url).port));
    const figures = await sendAll(fixtures, ports, seed, short ? SHORT_REQUESTS : REQUESTS);
    const sockets = await breakConnections(ports, seed, short ? SHORT_CONNECTIONS : CONNECTIONS);
    return [...figures, sockets, await checkLog(stack)];
  } finally {
    await stack.stop();
  }
}

/** Sends every request once, to one of the ports, and checks every response. */
export async function sendAll(
  fixtures: Fixtures,
  ports: readonly number[],
  seed: number,
  count: number,
): Promise<readonly Figure[]> {
  const tallies = new Map(ANSWER_CHECKS.map((check) => [check, new Tally(check)]));
  const answered = new Tally("requests without a response");
  let next = 0;
  let succeeded = 0;
  const lane = async (port: number) => {
    const wire = new Wire(port);
    for (let i = next++; i < count; i = next++) {
      const asked = makeCase(createRandom(seed, i), fixtures);
      const about = describe(asked, i);
      let answer: WireAnswer;
      try {
        answer = await wire.ask(asked);
      } catch (error) {
        answered.add(about, String(error));
        continue;
      }
      answered.add(about, undefined);
      if (answer.status < 300) succeeded++;
      const faults = answerFaults(asked, answer);
      for (const [check, tally] of tallies) tally.add(about, faults.get(check));
    }
    wire.close();
  };
  await Promise.all(
    Array.from({ length: LANES }, (_, i) => lane(ports[i % ports.length] ?? 0)),
  );
  const enough = new Tally("enough requests succeed");
  enough.add(
    "",
    succeeded >= count * LEAST_SUCCESSFUL ? undefined : `only ${succeeded} of ${count}`,
  );
  return [answered, enough, ...tallies.values()].map((tally) => tally.figure());
}

function describe({ method, target, headers }: InputCase, index: number): string {
  const type = headers.find(([name]) => name === "Content-Type")?.[1];
  return `request ${index}: ${method} ${target.slice(0, 120)}${type ? ` (${type})` : ""}`;
}

/** Checks every line that the function has logged so far. */
async function checkLog(stack: TestStack): Promise<Figure> {
  for (const one of stack.functions) {
    const last = await fetch(`${one.url}/chime-page/health`);
    await last.body?.cancel();
    // A process writes its lines in order: this one is the last.
    await logLine(stack, last.headers.get("x-request-id"));
  }
  const tally = new Tally("secrets in the log");
  const { secretKey, publishableKey, jwtSecret } = stack.supabase;
  const needles = [CANARY, NAME, secretKey, publishableKey, jwtSecret, "demo-secret"];
  for (const line of stack.log) tally.add(line, logFault(line, needles));
  return tally.figure();
}

async function createFixtures(stack: TestStack, openVisits: number): Promise<Fixtures> {
  const names = { providerName: `Dr. ${NAME}<b>&"'`, patientName: `${NAME}</script><script>` };
  const make = async (plan: VisitPlan) => {
    const visit = await createVisit(stack, { ...names, ...plan });
    return await fixtureOf(visit);
  };
  const closed = [
    await make({ startsIn: 120 }),
    await make({ startsIn: -600 }),
    await make({ status: "cancelled" }),
    await make({ videoEnabled: false }),
  ] as const;
  const visits: [FixtureVisit, ...FixtureVisit[]] = [await make({})];
  while (visits.length < openVisits) visits.push(await make({ patientLocale: "fr" }));

  const visit = await createVisit(stack);
  const page = await (await openByToken(visit, visit.provider)).text();
  const file = /\/files\/([\w.-]+\.js)/.exec(page)?.[1];
  if (file === undefined) throw new Error("Cannot find the name of a bundle in a page");
  const past = Math.floor(Date.now() / 1000) - 7_200;
  const subject = visit.provider.subject;
  return {
    visits,
    closed,
    badTokens: [
      await stack.issuer.token(subject, { exp: past }),
      await stack.issuer.token(subject, { role: "anon" }),
      await stack.issuer.token(crypto.randomUUID()),
    ],
    publicKey: stack.supabase.publishableKey,
    files: [file],
  };
}

/** The sessions and unspent passes that both people of a visit can get. */
async function fixtureOf(visit: TestVisit): Promise<FixtureVisit> {
  const people = [visit.provider, visit.patient] as const;
  const sessions: string[] = [];
  const passes: string[] = [];
  for (const person of people) {
    const answer = await openByToken(visit, person);
    const session = cookieOf(answer).split("=")[1];
    if (answer.ok) sessions.push((await pageData(answer)).api.session);
    else {
      await answer.body?.cancel();
      if (session) sessions.push(session);
    }
    passes.push(new URL(await passUrl(visit, person)).searchParams.get("pass") ?? "");
  }
  const unknown = "u".repeat(43);
  return {
    id: visit.id,
    tokens: [visit.provider.token, visit.patient.token],
    sessions: [sessions[0] ?? unknown, ...sessions.slice(1)],
    passes: [passes[0] ?? unknown, ...passes.slice(1)],
  };
}
