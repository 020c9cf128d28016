import { createApi } from "../../client/visit/api.ts";
import { waitForAdmission } from "../../client/visit/admission.ts";
import {
  createVisit,
  pageData,
  startTestStack,
  type TestPerson,
  type TestVisit,
} from "../support/visits.ts";
import { liveMeetings } from "./ends.ts";
import { createRandom, type Random } from "../support/random.ts";
import { type AttackOptions, type Figure, Tally } from "./report.ts";

const VISITS = 150;
const SHORT_VISITS = 12;
/** Everybody arrives within this time. */
const ARRIVALS_MS = 20_000;
const SHORT_ARRIVALS_MS = 2_000;
/** Chime's quota alone makes 450 calls take 43 seconds; after this time a person gives up. */
const PATIENCE_MS = 150_000;
/** How long a person waits before they tap "Try again" if nothing says how long. */
const USUAL_SECONDS = 5;

/** Where a person ended up. */
interface Arrival {
  readonly meetingId: string | undefined;
  /** Seconds from arriving to being in the call. */
  readonly seconds: number;
}

/**
 * Two people for each visit, all within seconds, against Amazon's own quotas: 10 calls a second with a
 * burst of 20, and 250 meetings. They do what people and pages do: tap "Try again" when the page says
 * so, and wait in the waiting room with the client's own code.
 */
export async function rushHour({ seed, short }: AttackOptions): Promise<readonly Figure[]> {
  const stack = await startTestStack({ workers: 2 });
  try {
    const random = createRandom(seed);
    const visits: TestVisit[] = [];
    while (visits.length < (short ? SHORT_VISITS : VISITS)) visits.push(await createVisit(stack));
    const within = short ? SHORT_ARRIVALS_MS : ARRIVALS_MS;
    const arrivals = await Promise.all(visits.map(async (visit) => ({
      visit,
      people: await Promise.all([
        arrive(visit, visit.provider, random, within),
        arrive(visit, visit.patient, random, within),
      ]),
    })));
    return rushFigures(arrivals.map(({ people }) => people), liveMeetings(stack));
  } finally {
    await stack.stop();
  }
}

/** The figures of a rush: who is not in, whose people are in different meetings, and spare meetings. */
export function rushFigures(
  visits: readonly (readonly Arrival[])[],
  live: ReadonlySet<string>,
): readonly Figure[] {
  const people = visits.flat();
  const slowest = Math.max(0, ...people.map(({ seconds }) => seconds));
  const outside = new Tally(`people who are not in; the slowest took ${slowest.toFixed(0)} s`);
  const apart = new Tally("visits whose people are in different meetings");
  for (const { meetingId } of people) {
    const isIn = meetingId !== undefined && live.has(meetingId);
    outside.add("", isIn ? undefined : "in no live meeting");
  }
  for (const visit of visits) {
    const meetings = new Set(visit.map(({ meetingId }) => meetingId));
    apart.add("", meetings.size === 1 ? undefined : `in ${meetings.size} meetings`);
  }
  const meetings = new Tally("meetings more or fewer than visits");
  const difference = Math.abs(live.size - visits.length);
  meetings.addMany(visits.length, difference, `${live.size} meetings`);
  return [outside.figure(), apart.figure(), meetings.figure()];
}

/** A person arrives at some moment and stays until they are in or give up. */
async function arrive(
  visit: TestVisit,
  person: TestPerson,
  random: Random,
  within: number,
): Promise<Arrival> {
  await sleep(random.below(within));
  const began = Date.now();
  const isPatient = () => Date.now() - began < PATIENCE_MS;
  const result = (meetingId?: string) => ({ meetingId, seconds: (Date.now() - began) / 1000 });
  let request = new Request(visit.url, {
    headers: { Accept: "text/html", Authorization: `Bearer ${person.token}` },
  });
  while (isPatient()) {
    const answer = await fetch(request.clone());
    if (answer.status === 200) return result(await placeOf(await pageData(answer), isPatient));
    const page = await answer.text();
    if (![429, 502, 503].includes(answer.status)) return result();
    // The page's own form tries again with the session that was started.
    const session = /name="session" value="([\w-]{43})"/.exec(page)?.[1];
    if (session !== undefined) {
      request = new Request(visit.url, {
        method: "POST",
        headers: { Accept: "text/html" },
        body: new URLSearchParams({ session }),
      });
    }
    await sleep(1_000 * (Number(answer.headers.get("retry-after")) || USUAL_SECONDS));
  }
  return result();

  async function placeOf(data: Awaited<ReturnType<typeof pageData>>, wanted: () => boolean) {
    if (data.join) return data.join.meeting.MeetingId;
    const admission = await waitForAdmission({
      api: createApi(data.api, () => data.language),
      events: { waiting: () => {}, unreachable: () => {} },
      sleep: (seconds) => sleep(seconds * 1_000),
      wanted,
    }, true);
    return admission?.ok ? admission.join.meeting.MeetingId : undefined;
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
