import { createVisit, startTestStack, type TestStack } from "../support/visits.ts";
import { createRandom, type Random } from "../support/random.ts";
import { type AttackOptions, type Figure, Tally } from "./report.ts";
import { UNTHROTTLED } from "./unthrottled.ts";
import { openPage, type PageClient } from "./visit_client.ts";

const ROUNDS = 200;
const SHORT_ROUNDS = 10;
/** Concurrent rounds, each with a visit of its own. */
const AT_ONCE = 10;
/** How long Chime takes to create a meeting; 150 ms is what it usually takes. */
const CREATE_MS = [50, 150, 300] as const;

/** A visit that was ended once, and the open pages of its people. */
interface Round {
  readonly provider: PageClient;
  readonly patient: PageClient;
}

/**
 * A visit is ended while people join, over two processes. Afterwards everybody joins again, as pages do
 * whose meeting has ended: both people must be in one meeting, Chime must have no other, and an end
 * without a concurrent join must leave none.
 */
export async function endAgainstJoin({ seed, short }: AttackOptions): Promise<readonly Figure[]> {
  const stack = await startTestStack({ chime: { limits: UNTHROTTLED }, workers: 2 });
  try {
    const orphaned = new Tally("meetings orphaned by an end during a join");
    const apart = new Tally("people who were told they are in, in different meetings");
    const failed = new Tally("joins and ends that failed without a race");
    const random = createRandom(seed);
    const rounds = short ? SHORT_ROUNDS : ROUNDS;
    for (let done = 0; done < rounds; done += AT_ONCE) {
      await playRounds(stack, random, { orphaned, apart, failed });
    }
    return [orphaned.figure(), apart.figure(), failed.figure()];
  } finally {
    await stack.stop();
  }
}

async function playRounds(
  stack: TestStack,
  random: Random,
  tallies: Readonly<Record<"orphaned" | "apart" | "failed", Tally>>,
): Promise<void> {
  const { orphaned, apart, failed } = tallies;
  const rounds = await Promise.all(Array.from({ length: AT_ONCE }, () => prepare(stack)));
  const milliseconds = random.pick(CREATE_MS);
  const after = random.chance(0.5);
  const times = 1_000;
  stack.chime.faults.add({ kind: "delay", operation: "CreateMeeting", milliseconds, after, times });
  await Promise.all(rounds.map((round) => race(random, round, milliseconds)));
  stack.chime.faults.clear();

  const where = `CreateMeeting takes ${milliseconds} ms ${after ? "to answer" : "to begin"}`;
  const current = new Set<string>();
  for (const { provider, patient } of rounds) {
    const before = { provider: provider.held, patient: patient.held };
    const joined = [await provider.join(), await patient.join()] as const;
    failed.add(where, joined.every(({ status }) => status === 200) ? undefined : "a join failed");
    const live = liveMeetings(stack);
    const told = [joined[0].meetingId, joined[1].meetingId, before.provider, before.patient];
    apart.add(where, apartFault(told, live));
    if (joined[0].meetingId) current.add(joined[0].meetingId);
  }
  const lost = orphans(liveMeetings(stack), current);
  orphaned.addMany(AT_ONCE, lost.length, `left beside the visit's meeting: ${where}`);

  for (const { provider } of rounds) {
    const status = await provider.end();
    failed.add(where, status === 204 ? undefined : `an end without a race: ${status}`);
  }
  const left = orphans(liveMeetings(stack), new Set(lost));
  orphaned.addMany(AT_ONCE, left.length, `left after an end without a race: ${where}`);
  stack.chime.faults.add({ kind: "end-meeting" });
}

/** Both people have joined, and the provider has ended the visit. */
async function prepare(stack: TestStack): Promise<Round> {
  const visit = await createVisit(stack);
  let request = 0;
  const origin = () => stack.functions[request++ % stack.functions.length]?.url ?? "";
  const provider = await openPage(origin, visit, visit.provider);
  const patient = await openPage(origin, visit, visit.patient);
  await provider.end();
  return { provider, patient };
}

/** The provider joins again and ends the visit at about the same time, while the patient joins. */
async function race(random: Random, { provider, patient }: Round, createMs: number): Promise<void> {
  const within = () => random.below(createMs + 100);
  const later = async (milliseconds: number, act: () => Promise<unknown>) => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    await act();
  };
  await Promise.all([
    later(0, provider.join),
    later(within(), provider.end),
    ...(random.chance(0.7) ? [later(within(), patient.join)] : []),
    ...(random.chance(0.3) ? [later(within(), provider.join)] : []),
    ...(random.chance(0.3) ? [later(within(), provider.end)] : []),
  ]);
}

/** Ids of the meetings of the stand-in that have not ended. */
export function liveMeetings(stack: Pick<TestStack, "chime">): ReadonlySet<string> {
  return new Set(
    stack.chime.meetings().filter(({ ended }) => ended === null).map(({ meetingId }) => meetingId),
  );
}

/** Live meetings that belong to no visit. */
export function orphans(live: ReadonlySet<string>, known: ReadonlySet<string>): readonly string[] {
  return [...live].filter((id) => !known.has(id));
}

/**
 * What is wrong with the meetings that people were told to join. One that has ended separates nobody:
 * their pages notice and join again.
 */
export function apartFault(
  told: readonly (string | null)[],
  live: ReadonlySet<string>,
): string | undefined {
  const meetings = new Set(told.filter((id) => id !== null && live.has(id)));
  return meetings.size <= 1 ? undefined : `in ${meetings.size} meetings`;
}
