import {
  createVisit,
  pageData,
  passUrl,
  type TestStack,
  type TestVisit,
} from "../support/visits.ts";
import { liveMeetings } from "./ends.ts";
import { openPage, type PageClient } from "./visit_client.ts";

/** Something a person does, during which a process is killed. */
export interface Flow {
  readonly name: string;
  /** Whether the short form includes it. */
  readonly inShort: boolean;
  /** Creates a visit in the state in which it begins. */
  readonly prepare: (stack: TestStack, origin: Origin) => Promise<Act>;
}

/** The address of a process. */
export type Origin = () => string;

/** The action, at a process, and what must be true after the next try. */
interface Act {
  readonly visit: TestVisit;
  /** Raises an error, or never answers, if the process dies. */
  readonly act: (origin: Origin) => Promise<unknown>;
  /** The next try, at a running process; returns what is wrong afterwards. */
  readonly again: (origin: Origin) => Promise<string | undefined>;
}

/** Opens a visit with a token or a query. */
async function openAt(origin: Origin, visit: TestVisit, query: string, token?: string) {
  const answer = await fetch(`${origin()}/chime-page/${visit.id}${query}`, {
    headers: { Accept: "text/html", ...(token ? { Authorization: `Bearer ${token}` } : {}) },
  });
  if (answer.status === 200) return { status: 200, data: await pageData(answer) };
  await answer.body?.cancel();
  return { status: answer.status, data: undefined };
}

/** The provider opens a visit that has no meeting yet. */
function firstToJoin(
  name: string,
  inShort: boolean,
  way: (visit: TestVisit) => Promise<{ readonly query: string; readonly token?: string }>,
): Flow {
  return {
    name,
    inShort,
    prepare: async (stack) => {
      const visit = await createVisit(stack);
      const before = meetingIds(stack);
      const { query, token } = await way(visit);
      const open = (origin: Origin) => openAt(origin, visit, query, token);
      return {
        visit,
        act: open,
        again: async (origin) => {
          const { status, data } = await open(origin);
          const meetingId = data?.join?.meeting.MeetingId;
          if (meetingId === undefined) return `not in: ${status}`;
          return await meetingFault(stack, origin, visit, before, meetingId);
        },
      };
    },
  };
}

/** The actions during which processes are killed. */
export const FLOWS: readonly Flow[] = [
  firstToJoin(
    "first to join, by token",
    false,
    ({ provider }) => Promise.resolve({ query: "", token: provider.token }),
  ),
  firstToJoin("first to join, by link", true, async (visit) => ({
    query: new URL(await passUrl(visit, visit.provider)).search,
  })),
  {
    name: "joins again after the end, by session",
    inShort: false,
    prepare: async (stack, survivor) => {
      const { visit, provider, before } = await endedVisit(stack, survivor);
      return {
        visit,
        act: (origin) => provider.at(origin).join(),
        again: async (origin) => {
          const { status, meetingId } = await provider.at(origin).join();
          if (meetingId === null) return `not in: ${status}`;
          return await meetingFault(stack, origin, visit, before, meetingId);
        },
      };
    },
  },
  {
    name: "a visit that is ended after a crash in a join",
    inShort: true,
    prepare: async (stack, survivor) => {
      const { visit, provider } = await endedVisit(stack, survivor);
      return {
        visit,
        act: (origin) => provider.at(origin).join(),
        again: async (origin) => await endFault(stack, provider.at(origin)),
      };
    },
  },
  {
    name: "an end",
    inShort: false,
    prepare: async (stack, survivor) => {
      const visit = await createVisit(stack);
      const provider = await movablePage(survivor, visit);
      return {
        visit,
        act: (origin) => provider.at(origin).end(),
        again: async (origin) => {
          const fault = await endFault(stack, provider.at(origin));
          if (fault !== undefined) return fault;
          const before = meetingIds(stack);
          const { status, meetingId } = await provider.at(origin).join();
          if (meetingId === null) return `not in again: ${status}`;
          return await meetingFault(stack, origin, visit, before, meetingId);
        },
      };
    },
  },
];

/** A page of the provider, which can be moved to another process. */
async function movablePage(survivor: Origin, visit: TestVisit) {
  let origin = survivor;
  const page = await openPage(() => origin(), visit, visit.provider);
  return {
    at: (other: Origin): PageClient => {
      origin = other;
      return page;
    },
  };
}

async function endedVisit(stack: TestStack, survivor: Origin) {
  const visit = await createVisit(stack);
  const provider = await movablePage(survivor, visit);
  await provider.at(survivor).end();
  return { visit, provider, before: meetingIds(stack) };
}

function meetingIds(stack: TestStack): ReadonlySet<string> {
  return new Set(stack.chime.meetings().map(({ meetingId }) => meetingId));
}

/** Ends the visit; any meeting that is left is a fault. */
async function endFault(stack: TestStack, provider: PageClient): Promise<string | undefined> {
  return endedFault(await provider.end(), liveMeetings(stack));
}

/** What is wrong after an end with this HTTP status. */
export function endedFault(status: number, live: ReadonlySet<string>): string | undefined {
  if (status !== 204) return `not ended: ${status}`;
  return live.size === 0 ? undefined : "a meeting is left after the end";
}

/** What is wrong with the meeting that a person joined: it must be the only one, and the patient's too. */
async function meetingFault(
  stack: TestStack,
  origin: Origin,
  visit: TestVisit,
  before: ReadonlySet<string>,
  meetingId: string,
): Promise<string | undefined> {
  const patient = await openAt(origin, visit, "", visit.patient.token);
  return joinedFault({
    mine: meetingId,
    patients: patient.data?.join?.meeting.MeetingId,
    made: [...meetingIds(stack)].filter((id) => !before.has(id)),
    live: liveMeetings(stack),
  });
}

/** What is wrong after a join: `made` are the new meetings, `live` those that have not ended. */
export function joinedFault(after: {
  readonly mine: string;
  readonly patients: string | undefined;
  readonly made: readonly string[];
  readonly live: ReadonlySet<string>;
}): string | undefined {
  if (after.made.length !== 1) return `${after.made.length} meetings were made`;
  if (!after.live.has(after.mine)) return "in a meeting that has ended";
  return after.patients === after.mine ? undefined : "the patient is elsewhere";
}
