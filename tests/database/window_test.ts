import assert from "node:assert/strict";
import {
  type Appointment,
  decide,
} from "../../supabase/functions/chime-page/visits/join_policy.ts";
import {
  at,
  callerOf,
  makeVisit,
  newToken,
  startEmpty,
  type VisitDetails,
} from "../support/database.ts";

const supabase = await startEmpty();
const call = callerOf(supabase);
Deno.test.afterAll(() => supabase.close());

interface Situation extends VisitDetails {
  readonly now: number;
  readonly role: "provider" | "patient";
  readonly waitingRoom: boolean;
  readonly providerIn: boolean;
}

/** What the function's join policy decides in the same situation; the visit is from 0 to 30 minutes. */
function isAdmitted(situation: Situation): boolean {
  const { now, role, providerIn, waitingRoom, status = "scheduled" } = situation;
  const appointment = {
    id: "",
    startsAt: new Date(at(0)),
    endsAt: new Date(at(30)),
    status: status as Appointment["status"],
    videoEnabled: situation.videoEnabled ?? true,
    mediaRegion: null,
  };
  const rule = { opensBeforeMinutes: 15, closesAfterMinutes: 60, waitingRoom };
  return decide(appointment, role, providerIn, new Date(at(now)), rule).kind === "open";
}

/** Opens a visit in this situation with a claim, and returns whether there is a meeting. */
async function isGivenAMeeting(situation: Situation): Promise<boolean> {
  const { now, role, waitingRoom, providerIn, ...details } = situation;
  const visit = await makeVisit(supabase.sql, details);
  if (providerIn) {
    await supabase.sql(
      `insert into chime_page.meetings (appointment_id, request_token, claimed_at, provider_in_at)
       values ($1, $2, $3, $3)`,
      [visit.id, newToken(), at(-15)],
    );
  }
  const answer = await call("open", {
    p_appointment: visit.id,
    p_now: at(now),
    p_subject: visit[role],
    p_claim: newToken(),
    p_waiting_room: waitingRoom,
  });
  assert.equal(answer.outcome, "found");
  return answer["meeting"] !== null;
}

const millisecond = 1 / 60_000;
const instants = [
  -10_000,
  -15 - millisecond,
  -15,
  -15 + millisecond,
  0,
  30,
  90 - millisecond,
  90,
  90 + millisecond,
  10_000,
];

for (const waitingRoom of [true, false]) {
  for (const providerIn of [true, false]) {
    for (const role of ["provider", "patient"] as const) {
      const who = `a ${role}, waiting room ${waitingRoom ? "on" : "off"}, provider ${
        providerIn ? "in" : "not in"
      }`;
      Deno.test(`the join window opens and closes to the millisecond for ${who}`, async () => {
        for (const now of instants) {
          const situation = { now, role, waitingRoom, providerIn };
          assert.equal(await isGivenAMeeting(situation), isAdmitted(situation), `at ${now} min`);
        }
      });
    }
  }
}

Deno.test("only scheduled and running video visits open, within their window", async () => {
  for (const status of ["scheduled", "in_progress", "completed", "cancelled"]) {
    for (const videoEnabled of [true, false]) {
      const situation: Situation = {
        now: 10,
        role: "provider",
        waitingRoom: true,
        providerIn: false,
        status,
        videoEnabled,
      };
      assert.equal(await isGivenAMeeting(situation), isAdmitted(situation), JSON.stringify(status));
    }
  }
});

Deno.test("the join window has the requested width", async () => {
  const visit = await makeVisit(supabase.sql);
  const meetingAt = async (now: number) =>
    (await call("open", {
      p_appointment: visit.id,
      p_now: at(now),
      p_subject: visit.provider,
      p_claim: newToken(),
      p_opens_before_minutes: 5,
      p_closes_after_minutes: 0,
    }))["meeting"];
  assert.equal(await meetingAt(-5 - millisecond), null);
  assert.notEqual(await meetingAt(-5), null);
  assert.notEqual(await meetingAt(30 - millisecond), null);
  assert.equal(await meetingAt(30), null);
});

Deno.test("an opening without a claim creates nothing and does not count as a provider's", async () => {
  const visit = await makeVisit(supabase.sql);
  const looking = { p_appointment: visit.id, p_now: at(0), p_subject: visit.provider };
  const answer = await call("open", looking);
  assert.equal(answer["meeting"], null);
  assert.equal(answer["provider_in"], false);
});

Deno.test("a patient waits until a provider is in, and then gets the same meeting", async () => {
  const visit = await makeVisit(supabase.sql);
  const open = (subject: string) =>
    call("open", {
      p_appointment: visit.id,
      p_now: at(0),
      p_subject: subject,
      p_claim: newToken(),
    });
  const early = await open(visit.patient);
  assert.deepEqual([early["meeting"], early["provider_in"]], [null, false]);
  const provider = await open(visit.provider);
  assert.equal(provider["provider_in"], true);
  const patient = await open(visit.patient);
  assert.equal(patient["provider_in"], true);
  assert.deepEqual(patient["meeting"], provider["meeting"]);
});

Deno.test("without a waiting room a meeting that a patient claimed has no provider yet", async () => {
  const visit = await makeVisit(supabase.sql);
  const open = (subject: string, now: string) =>
    call("open", {
      p_appointment: visit.id,
      p_now: now,
      p_subject: subject,
      p_claim: newToken(),
      p_waiting_room: false,
    });
  const patient = await open(visit.patient, at(0));
  assert.equal(patient["provider_in"], false);
  const provider = await open(visit.provider, at(1));
  assert.equal(provider["provider_in"], true);
  assert.deepEqual(provider["meeting"], patient["meeting"]);
  await open(visit.provider, at(2));
  const [row] = await supabase.sql(
    "select provider_in_at = $2::timestamptz as first from chime_page.meetings where appointment_id = $1",
    [visit.id, at(1)],
  );
  assert.deepEqual(row, { first: true });
});
