import { startPostgres } from "../support/postgres.ts";
import {
  createVisit,
  openByToken,
  pageData,
  passUrl,
  startTestStack,
  type TestStack,
  type TestVisit,
} from "../support/visits.ts";
import { createRandom, type Random } from "../support/random.ts";
import { type AttackOptions, type Figure, Tally } from "./report.ts";
import { UNTHROTTLED } from "./unthrottled.ts";

const PASSES = 500;
const SHORT_PASSES = 20;
/** Times that each pass is opened at the same moment. */
const SPENDS = 20;
/** Passes that are opened concurrently. */
const AT_ONCE = 5;
const SHORT_AT_ONCE = 2;
/** Share of the passes that belong to a provider; the others lead to the waiting room. */
const PROVIDERS = 0.2;
/** Share of the passes that are also opened in the browser of the other person. */
const CROSSED = 0.2;

/** A link and its person. */
interface Link {
  readonly visit: TestVisit;
  readonly pass: string;
  /** The person whose link it is. */
  readonly participantId: string;
  /** Session of the other person, whose browser opens the link too. */
  readonly otherSession: string | undefined;
}

/** What opening a link once led to; null if it was refused. */
export type Opened = { readonly session: string; readonly participantId: string } | null;

/**
 * Links opened many times at the same moment, over two processes that share a real Postgres. A link may
 * let its person in again briefly, but in the end exactly one of its sessions works. It never lets
 * anybody else in.
 */
export async function parallelSpends({ seed, short }: AttackOptions): Promise<readonly Figure[]> {
  const postgres = await startPostgres();
  try {
    const stack = await startTestStack({
      database: { kind: "postgres", url: postgres.url },
      chime: { limits: UNTHROTTLED },
      workers: 2,
    });
    try {
      return await spendAll(stack, createRandom(seed), short);
    } finally {
      await stack.stop();
    }
  } finally {
    await postgres.stop();
  }
}

async function spendAll(
  stack: TestStack,
  random: Random,
  short: boolean,
): Promise<readonly Figure[]> {
  const passes = short ? SHORT_PASSES : PASSES;
  const atOnce = short ? SHORT_AT_ONCE : AT_ONCE;
  const spends = new Tally("openings of links by others than their people");
  const answers = new Tally("openings that failed");
  const links = new Tally("links that are spent twice, or not at all");
  for (let done = 0; done < passes; done += atOnce) {
    const some = await Promise.all(
      Array.from({ length: Math.min(atOnce, passes - done) }, () => makeLink(stack, random)),
    );
    await Promise.all(some.map(async (link) => {
      const opened = await Promise.all(
        Array.from({ length: SPENDS }, (_, i) => open(stack, link, i)),
      );
      for (const { status, one } of opened) {
        answers.add(link.visit.id, openingFault(status));
        spends.add(link.visit.id, strangerFault(link, one));
      }
      const sessions = opened.flatMap(({ one }) =>
        one?.participantId === link.participantId ? [one.session] : []
      );
      const working = await countWorking(stack, link.visit, sessions);
      const late = opened.some(({ status }) => status >= 500);
      links.add(link.visit.id, spentFault(working, late));
    }));
  }
  return [answers.figure(), spends.figure(), links.figure()];
}

/** What is wrong with an opening by a link of `link.participantId`. */
export function strangerFault(
  link: Pick<Link, "participantId">,
  opened: Opened,
): string | undefined {
  if (opened === null || opened.participantId === link.participantId) return undefined;
  return "the page is another person's";
}

/** What is wrong with an opening; the 502 or 503 of a busy machine is not a fault. */
export function openingFault(status: number): string | undefined {
  return status < 500 || status === 502 || status === 503 ? undefined : String(status);
}

/**
 * What is wrong with the number of working sessions of a link.
 * @param late whether an opening was told to try again: it may have been the one that spent the link
 */
export function spentFault(working: number, late = false): string | undefined {
  return working === 1 || (working === 0 && late) ? undefined : `${working} sessions work`;
}

async function makeLink(stack: TestStack, random: Random): Promise<Link> {
  const visit = await createVisit(stack);
  const [person, other] = random.chance(PROVIDERS)
    ? [visit.provider, visit.patient]
    : [visit.patient, visit.provider];
  const otherSession = random.chance(CROSSED)
    ? (await pageData(await openByToken(visit, other))).api.session
    : undefined;
  const pass = new URL(await passUrl(visit, person)).searchParams.get("pass") ?? "";
  return { visit, pass, participantId: person.participantId, otherSession };
}

/** Opens a link at one of the processes, every fifth time in the other person's browser. */
async function open(stack: TestStack, { visit, pass, otherSession }: Link, i: number) {
  const origin = stack.functions[i % stack.functions.length]?.url;
  const crossed = otherSession !== undefined && i % 5 === 4;
  const answer = await fetch(`${origin}/chime-page/${visit.id}?pass=${pass}`, {
    headers: {
      Accept: "text/html",
      ...(crossed ? { Cookie: `chime_page_session=${otherSession}` } : {}),
    },
  });
  if (answer.status !== 200) {
    await answer.body?.cancel();
    return { status: answer.status, one: null };
  }
  const { api, self } = await pageData(answer);
  return { status: 200, one: { session: api.session, participantId: self.id } };
}

/** How many of the sessions still work. Each sends one request, as its page does. */
async function countWorking(
  stack: TestStack,
  visit: TestVisit,
  sessions: readonly string[],
): Promise<number> {
  const statuses = await Promise.all([...new Set(sessions)].map(async (session, i) => {
    const origin = stack.functions[i % stack.functions.length]?.url;
    const answer = await fetch(`${origin}/chime-page/${visit.id}/status`, {
      headers: { Authorization: `Bearer ${session}` },
    });
    await answer.body?.cancel();
    return answer.status;
  }));
  return statuses.filter((status) => status === 200).length;
}
