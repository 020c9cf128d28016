import assert from "node:assert/strict";
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

async function refused(answer: Response, name: string, status: number) {
  assert.deepEqual(await problemOf(answer), [status, name]);
}

async function openSession() {
  const visit = await createVisit(stack);
  const data = await pageData(await openByToken(visit, visit.provider));
  return { visit, session: data.api.session };
}

async function storedEvents(appointmentId: string) {
  return await stack.supabase.sql(
    "select data from chime_page.events where appointment_id = $1 and name = 'page' order by id",
    [appointmentId],
  );
}

looseTest("health shows version and SDK to anyone, and nothing else", async () => {
  const answer = await fetch(`${stack.pageUrl}/health`);
  assert.equal(answer.status, 200);
  const body = await answer.json();
  assert.deepEqual(Object.keys(body).sort(), ["sdk", "status", "version"]);
  assert.equal(body.sdk, "3.32.0");
});

looseTest("a malformed appointment id is a bad request on every route", async () => {
  for (
    const id of [
      "1",
      "a".repeat(300),
      "%00",
      "..%2f..%2fetc",
      "a0000000-0000-4000-8000-00000000000g",
    ]
  ) {
    for (
      const [method, path] of [["GET", ""], ["POST", ""], ["POST", "/passes"], ["POST", "/join"], [
        "GET",
        "/status",
      ], ["POST", "/end"]]
    ) {
      const answer = await fetch(`${stack.pageUrl}/${id}${path}`, { method: method ?? "GET" });
      await refused(answer, "bad-request", 400);
    }
  }
});

looseTest("unknown paths are not found, like an unknown visit", async () => {
  for (const path of ["", "/", `/${crypto.randomUUID()}/unknown`, "/a/b/c/d"]) {
    await refused(await fetch(`${stack.pageUrl}${path}`), "visit-not-found", 404);
  }
});

looseTest("a body of the wrong type is a bad request", async () => {
  const { visit, session } = await openSession();
  const post = (path: string, type: string, body: string) =>
    fetch(`${visit.url}${path}`, { method: "POST", headers: { "Content-Type": type }, body });
  await refused(await post("", "application/json", "{}"), "bad-request", 400);
  await refused(await post("", "multipart/form-data", "x"), "bad-request", 400);
  const batch = JSON.stringify({ session, events: [{ name: "joined", at: 1 }] });
  await refused(await post("/events", "application/xml", batch), "bad-request", 400);
  await refused(await post("/events", "text/plain", "{"), "bad-request", 400);
});

looseTest("events of a page are stored, from a beacon and from fetch", async () => {
  const { visit, session } = await openSession();
  const events = [{ name: "sdk-loaded", at: 812, data: { ms: 700, cached: false } }];
  for (const type of ["text/plain;charset=UTF-8", "application/json"]) {
    const answer = await fetch(`${visit.url}/events`, {
      method: "POST",
      headers: { "Content-Type": type },
      body: JSON.stringify({ session, events }),
    });
    assert.equal(answer.status, 202);
  }
  assert.deepEqual((await storedEvents(visit.id)).map((row) => row["data"]), [
    ...events,
    ...events,
  ]);
});

looseTest(
  "events that could hold free text, or come without a session, are not stored",
  async () => {
    const { visit, session } = await openSession();
    const post = (body: unknown) =>
      fetch(`${visit.url}/events`, { method: "POST", body: JSON.stringify(body) });
    const event = { name: "joined", at: 1 };
    const bad = [
      { session, events: [] },
      { session, events: Array.from({ length: 51 }, () => event) },
      { session, events: [{ ...event, name: "Patient has fever" }] },
      { session, events: [{ ...event, data: { note: "she has a fever" } }] },
      { session, events: [{ ...event, data: { nested: { a: 1 } } }] },
      { session, events: [{ ...event, at: -1 }] },
      { events: [event] },
    ];
    for (const body of bad) await refused(await post(body), "bad-request", 400);
    const stranger = await post({ session: "a".repeat(43), events: [event] });
    await refused(stranger, "unauthenticated", 401);
    await refused(
      await post({ session, events: [{ ...event, data: { a: "b".repeat(40_000) } }] }),
      "payload-too-large",
      413,
    );
    assert.deepEqual(await storedEvents(visit.id), []);
  },
);

looseTest("numbers that would be stored longer than they were sent are bad requests", async () => {
  const { visit, session } = await openSession();
  const post = (events: string) =>
    fetch(`${visit.url}/events`, {
      method: "POST",
      body: `{"session":"${session}","events":[${events}]}`,
    });
  const event = (data: string, at = "1") => `{"name":"joined","at":${at},"data":${data}}`;
  const numbers = ["1e308", "-1e308", "1e999", "1e21", "9007199254740993", "1e-300", "-5e-324"];
  const bad = [
    ...numbers.map((number) => event(`{"a":${number}}`)),
    ...numbers.map((number) => event("{}", number)),
    Array.from({ length: 50 }, () => event('{"a":1e308,"b":1e308}')).join(","),
    event(`{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}`),
    event('{"a":"\\u0000"}'),
    event('{"a":"\\ud800"}'),
    event('{"a":null}'),
    event('{"\\u0000":1}'),
    event("{}", '"1"'),
    `{"name":"joined\\u0000","at":1}`,
  ];
  for (const events of bad) await refused(await post(events), "bad-request", 400);
  assert.deepEqual(await storedEvents(visit.id), []);

  const fine = ["0", "-1.5", "0.000001", "9007199254740991", "1e3", "0.30000000000000004"];
  const odd = [
    event(`{"a":1,"a":2,"constructor":1,"__proto__":{"polluted":1}}`),
    `{"name":"joined","at":0.5,"__proto__":{"polluted":1},"extra":"she has a fever"}`,
  ];
  const taken = await post([...fine.map((number) => event(`{"a":${number}}`)), ...odd].join(","));
  assert.equal(taken.status, 202);
  const stored = JSON.stringify(await storedEvents(visit.id));
  assert.doesNotMatch(stored, /polluted|fever/);
  assert.ok(stored.length < 1_000, stored);
});

looseTest("the largest batch that is accepted is stored without growing", async () => {
  const { visit, session } = await openSession();
  const data = Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [`k${i}`.padEnd(32, "x"), "v".repeat(64)]),
  );
  const events = Array.from({ length: 20 }, () => ({ name: "n".repeat(40), at: 1, data }));
  const body = JSON.stringify({ session, events });
  const answer = await fetch(`${visit.url}/events`, { method: "POST", body });
  assert.equal(answer.status, 202);
  const [{ bytes } = {}] = await stack.supabase.sql(
    `select sum(octet_length(data::text))::int as bytes from chime_page.events
     where appointment_id = $1 and name = 'page'`,
    [visit.id],
  );
  assert.ok(Number(bytes) < body.length * 1.1, `${bytes} of ${body.length}`);
});

looseTest("a body without a length is refused at the limit too", async () => {
  const { visit } = await openSession();
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 16_384;
      controller.enqueue(new Uint8Array(16_384).fill(97));
      if (sent > 400_000) controller.close();
    },
  });
  const answer = await fetch(visit.url, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: endless,
  });
  await refused(answer, "payload-too-large", 413);
});

looseTest("a session is not valid at another visit", async () => {
  const [one, other] = [await openSession(), await openSession()];
  const answer = await fetch(`${other.visit.url}/status`, {
    headers: bearer(one.session),
  });
  await refused(answer, "unauthenticated", 401);
});
