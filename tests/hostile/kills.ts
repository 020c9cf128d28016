import { type FunctionProcess, startFunction } from "../../dev/function/process.ts";
import {
  createVisit,
  pageData,
  passUrl,
  startTestStack,
  type TestStack,
  type TestVisit,
} from "../support/visits.ts";
import { liveMeetings } from "./ends.ts";
import { startGate } from "./gate.ts";
import { createKiller, type Killer, type Moment } from "./killer.ts";
import { type Figure, type PartOptions, Tally } from "./report.ts";
import { UNTHROTTLED } from "./system.ts";
import { openPage, type PageClient } from "./visit_client.ts";

/** No join or end makes so many calls upstream: the search for the last one stops here. */
const MOST_CALLS = 12;

/** Both, as a death before an effect and one after it leave different things behind. */
const MOMENTS: readonly Moment[] = ["before", "after"];

/** Something a person does, which a process does not live to finish. */
interface Flow {
  readonly name: string;
  /** Whether the short form has it: what the others show is in these two. */
  readonly inShort: boolean;
  /** Puts the visit into the state that it begins in. */
  readonly prepare: (stack: TestStack, origin: Origin) => Promise<Act>;
}

type Origin = () => string;

/** The act itself, at a process, and what must be true after the next try. */
interface Act {
  readonly visit: TestVisit;
  /** Raises an error, or answers nobody, where the process dies. */
  readonly act: (origin: Origin) => Promise<unknown>;
  /** The next try, at a process that lives; answers what is wrong afterwards. */
  readonly again: (origin: Origin) => Promise<string | undefined>;
}

/** Processes are killed before and after each of their calls upstream; then everything is tried again. */
export async function killedProcesses({ short }: PartOptions): Promise<readonly Figure[]> {
  const killer = createKiller();
  const gates = [startGate(killer.watch), startGate(killer.watch)] as const;
  const stack = await startTestStack({
    chime: { limits: UNTHROTTLED },
    environment: { SUPABASE_URL: gates[0].url, CHIME_ENDPOINT: gates[1].url },
  });
  gates[0].leadTo(stack.baseUrl);
  gates[1].leadTo(stack.chime.url);
  try {
    const figures: Figure[] = [];
    for (const flow of FLOWS.filter(({ inShort }) => inShort || !short)) {
      figures.push(await killEverywhere(stack, killer, flow, short ? ["after"] : MOMENTS));
    }
    return figures;
  } finally {
    await stack.stop();
    for (const gate of gates) await gate.stop();
  }
}

async function killEverywhere(
  stack: TestStack,
  killer: Killer,
  flow: Flow,
  moments: readonly Moment[],
): Promise<Figure> {
  const tally = new Tally(`not healed after a death: ${flow.name}`);
  const survivor: Origin = () => stack.functions[0]?.url ?? "";
  let victim: FunctionProcess | undefined;
  for (const moment of moments) {
    for (let n = 1; n <= MOST_CALLS; n++) {
      victim ??= await startFunction({ environment: stack.environment });
      const { url } = victim;
      // Whatever the last one left behind is no fault of this one.
      stack.chime.faults.add({ kind: "end-meeting" });
      const { act, again } = await flow.prepare(stack, survivor);
      const call = await killer.during(n, moment, victim.pid, () => act(() => url));
      // There is no such call: every one before it has had its death.
      if (call === undefined) break;
      await victim.stop();
      victim = undefined;
      const fault = await again(survivor);
      tally.add(`killed ${moment} call ${n}, ${call.method} ${shorten(call.path)}`, fault);
    }
  }
  await victim?.stop();
  return tally.figure();
}

/** A path without the ids in it. */
function shorten(path: string): string {
  return path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "…");
}

/** What a person does on opening a visit by these headers and this query. */
async function openAt(origin: Origin, visit: TestVisit, query: string, token?: string) {
  const answer = await fetch(`${origin()}/chime-page/${visit.id}${query}`, {
    headers: { Accept: "text/html", ...(token ? { Authorization: `Bearer ${token}` } : {}) },
  });
  if (answer.status === 200) return { status: 200, data: await pageData(answer) };
  await answer.body?.cancel();
  return { status: answer.status, data: undefined };
}

const FLOWS: readonly Flow[] = [
  {
    name: "first to come, by token",
    inShort: false,
    prepare: async (stack) => {
      const visit = await createVisit(stack);
      const marks = meetingIds(stack);
      const open = (origin: Origin) => openAt(origin, visit, "", visit.provider.token);
      return {
        visit,
        act: open,
        again: async (origin) => {
          const { status, data } = await open(origin);
          const meetingId = data?.join?.meeting.MeetingId;
          if (meetingId === undefined) return `not in: ${status}`;
          return await lookAtMeeting(stack, origin, visit, marks, meetingId);
        },
      };
    },
  },
  {
    name: "first to come, by link",
    inShort: true,
    prepare: async (stack) => {
      const visit = await createVisit(stack);
      const marks = meetingIds(stack);
      const query = new URL(await passUrl(visit, visit.provider)).search;
      return {
        visit,
        act: (origin) => openAt(origin, visit, query),
        again: async (origin) => {
          const { status, data } = await openAt(origin, visit, query);
          const meetingId = data?.join?.meeting.MeetingId;
          if (meetingId === undefined) return `not in: ${status}`;
          return await lookAtMeeting(stack, origin, visit, marks, meetingId);
        },
      };
    },
  },
  {
    name: "back after the end, by session",
    inShort: false,
    prepare: async (stack, survivor) => {
      const { visit, provider, marks } = await endedVisit(stack, survivor);
      return {
        visit,
        act: (origin) => provider.at(origin).join(),
        again: async (origin) => {
          const { status, meetingId } = await provider.at(origin).join();
          if (meetingId === null) return `not in: ${status}`;
          return await lookAtMeeting(stack, origin, visit, marks, meetingId);
        },
      };
    },
  },
  {
    name: "a visit that is ended after a death in a join",
    inShort: true,
    prepare: async (stack, survivor) => {
      const { visit, provider } = await endedVisit(stack, survivor);
      return {
        visit,
        act: (origin) => provider.at(origin).join(),
        again: async (origin) => await endAndLook(stack, provider.at(origin)),
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
          const fault = await endAndLook(stack, provider.at(origin));
          if (fault !== undefined) return fault;
          const marks = meetingIds(stack);
          const { status, meetingId } = await provider.at(origin).join();
          if (meetingId === null) return `not in again: ${status}`;
          return await lookAtMeeting(stack, origin, visit, marks, meetingId);
        },
      };
    },
  },
];

/** A page of the provider, which may ask one process and then another. */
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
  return { visit, provider, marks: meetingIds(stack) };
}

function meetingIds(stack: TestStack): ReadonlySet<string> {
  return new Set(stack.chime.meetings().map(({ meetingId }) => meetingId));
}

/** Ends the visit; what is wrong then: anything that lives on. */
async function endAndLook(stack: TestStack, provider: PageClient): Promise<string | undefined> {
  return endedFault(await provider.end(), liveMeetings(stack));
}

/** What is wrong after an end that was answered with this status. */
export function endedFault(status: number, live: ReadonlySet<string>): string | undefined {
  if (status !== 204) return `not ended: ${status}`;
  return live.size === 0 ? undefined : "a meeting lives on after the end";
}

/** What is wrong with the meeting a person was given: it must be the only one, and the patient's too. */
async function lookAtMeeting(
  stack: TestStack,
  origin: Origin,
  visit: TestVisit,
  marks: ReadonlySet<string>,
  meetingId: string,
): Promise<string | undefined> {
  const patient = await openAt(origin, visit, "", visit.patient.token);
  return joinedFault({
    mine: meetingId,
    patients: patient.data?.join?.meeting.MeetingId,
    made: [...meetingIds(stack)].filter((id) => !marks.has(id)),
    live: liveMeetings(stack),
  });
}

/** What is wrong after a join: `made` are the meetings that came to be, `live` those that live. */
export function joinedFault(after: {
  readonly mine: string;
  readonly patients: string | undefined;
  readonly made: readonly string[];
  readonly live: ReadonlySet<string>;
}): string | undefined {
  if (after.made.length !== 1) return `${after.made.length} meetings were made`;
  if (!after.live.has(after.mine)) return "in a meeting that is over";
  return after.patients === after.mine ? undefined : "the patient is elsewhere";
}
