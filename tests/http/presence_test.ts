import assert from "node:assert/strict";
import type { VisitStatus } from "../../supabase/functions/chime-page/contract/page_data.ts";
import {
  bearer,
  createVisit,
  openByToken,
  pageData,
  problemOf,
  startTestStack,
} from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";

const stack = await startTestStack();
Deno.test.afterAll(() => stack.stop());

/** Both people's pages of a new visit. */
async function openBoth() {
  const visit = await createVisit(stack);
  const open = async (person: typeof visit.patient) =>
    (await pageData(await openByToken(visit, person))).api.session;
  const [provider, patient] = [await open(visit.provider), await open(visit.patient)];
  const ask = (session: string, query: string) =>
    fetch(`${visit.url}/status${query}`, { headers: bearer(session) });
  const status = async (session: string, query = ""): Promise<VisitStatus> =>
    await (await ask(session, query)).json();
  /** Sends what a page sends with `sendBeacon`. */
  const beacon = (session: string, body: Record<string, unknown>) =>
    fetch(`${visit.url}/events`, { method: "POST", body: JSON.stringify({ session, ...body }) });
  return { visit, provider, patient, ask, status, beacon };
}

looseTest("a page that says it is gone takes its person off the list at once", async () => {
  const { visit, provider, patient, status, beacon } = await openBoth();
  await status(provider, "?page=a&ready=true");
  const before = await status(patient, "?page=b&ready=false");
  assert.deepEqual(
    before.heard?.map(({ id, ready }) => [id, ready]).sort(),
    [[visit.provider.participantId, true], [visit.patient.participantId, false]].sort(),
  );
  assert.ok(before.heard.every(({ secondsAgo }) => secondsAgo >= 0 && secondsAgo < 30));

  const gone = await beacon(provider, { events: [], gone: "a" });
  assert.equal(gone.status, 202);
  await gone.body?.cancel();
  const after = await status(patient, "?page=b&ready=false");
  assert.deepEqual(after.present, [visit.patient.participantId]);
  assert.deepEqual(after.heard?.map(({ id }) => id), [visit.patient.participantId]);
});

looseTest("a second tab with the same session keeps its person on the list", async () => {
  const { visit, provider, patient, status, beacon } = await openBoth();
  await status(provider, "?page=a");
  await status(provider, "?page=b");
  await (await beacon(provider, { events: [], gone: "a" })).body?.cancel();
  assert.ok((await status(patient, "?page=c")).present.includes(visit.provider.participantId));
});

looseTest("events that come with the goodbye are stored", async () => {
  const { visit, provider, beacon } = await openBoth();
  const events = [{ name: "page-hidden", at: 5 }];
  assert.equal((await beacon(provider, { events, gone: "a" })).status, 202);
  const rows = await stack.supabase.sql(
    "select data from chime_page.events where appointment_id = $1 and name = 'page'",
    [visit.id],
  );
  assert.deepEqual(rows.map(({ data }) => data), events);
});

looseTest("an id of a page that is not one, or a batch that says nothing, is refused", async () => {
  const { provider, ask, beacon } = await openBoth();
  for (const page of ["", "A", "a".repeat(17), "a%00", "%3Cscript%3E"]) {
    assert.deepEqual(await problemOf(await ask(provider, `?page=${page}`)), [400, "bad-request"]);
  }
  for (const body of [{ events: [] }, { events: [], gone: "" }, { events: [], gone: 7 }]) {
    assert.deepEqual(await problemOf(await beacon(provider, body)), [400, "bad-request"]);
  }
  const stranger = await beacon("x".repeat(43), { events: [], gone: "a" });
  assert.deepEqual(await problemOf(stranger), [401, "unauthenticated"]);
});

looseTest("a visit that was ended has ended for the patient until a provider is back", async () => {
  const { visit, provider, patient, status } = await openBoth();
  assert.equal((await status(patient, "?page=b")).ended, false);
  const end = await fetch(`${visit.url}/end`, { method: "POST", headers: bearer(provider) });
  assert.equal(end.status, 204);
  const [forPatient, forProvider] = [
    await status(patient, "?page=b"),
    await status(provider, "?page=a"),
  ];
  assert.deepEqual([forPatient.ended, forPatient.state], [true, "waiting"]);
  assert.deepEqual([forProvider.ended, forProvider.state], [false, "open"]);
  await (await openByToken(visit, visit.provider)).body?.cancel();
  const reopened = await status(patient, "?page=b");
  assert.deepEqual([reopened.ended, reopened.state], [false, "open"]);
});
