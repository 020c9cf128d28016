import assert from "node:assert/strict";
import {
  bearer,
  cookieOf,
  createVisit,
  openByToken,
  pageData,
  startTestStack,
  statusOf,
  tabOf,
  type TestPerson,
} from "../support/visits.ts";
import { present, type Presented, sessionCookie, spentLink, whose } from "./credentials.ts";
import { looseTest } from "../support/sanitizers.ts";

const stack = await startTestStack();
Deno.test.afterAll(() => stack.stop());

looseTest(
  "a spent link of another person is refused even with a session cookie, whose session stays",
  async () => {
    const visit = await createVisit(stack);
    const doctor = await openByToken(visit, visit.provider);
    const page = await pageData(doctor);
    const link = await spentLink(visit, visit.patient);
    const answer = await fetch(link, { headers: { Cookie: cookieOf(doctor) } });
    assert.equal(answer.status, 410);
    const text = await answer.text();
    assert.doesNotMatch(text, /visit-data|Ngo Bassa/);
    assert.ok(!text.includes(page.api.session));
    assert.equal(await statusOf(page), 200);
  },
);

looseTest(
  "a reload of a tab's address brings back its person, and without a tab the last person",
  async () => {
    const visit = await createVisit(stack);
    const jar = new Map<string, string>();
    const opened = async (person: TestPerson) => {
      const answer = await openByToken(visit, person);
      const [name = "", value = ""] = cookieOf(answer).split("=");
      jar.set(name, value);
      return await pageData(answer);
    };
    const [doctor, patient] = [
      tabOf(await opened(visit.provider)),
      tabOf(await opened(visit.patient)),
    ];
    assert.equal(jar.size, 2);
    const Cookie = [...jar].map((pair) => pair.join("=")).join("; ");
    const reload = async (query: string) =>
      await whose(await fetch(visit.url + query, { headers: { Cookie } }));
    assert.notEqual(doctor, patient);
    assert.match(doctor, /^[0-9a-f]{8}$/);
    assert.equal(await reload(`?tab=${doctor}`), "provider");
    assert.equal(await reload(`?tab=${patient}`), "patient");
    assert.equal(await reload(""), "patient");
    for (const tab of ["00000000", "", "_", "../x", `${doctor},${patient}`]) {
      assert.equal(await reload(`?tab=${encodeURIComponent(tab)}`), "401", tab);
    }
  },
);

looseTest("a tab whose session has ended does not become another person's", async () => {
  const visit = await createVisit(stack);
  const doctor = await openByToken(visit, visit.provider);
  const patient = await sessionCookie(visit, visit.patient);
  const tab = tabOf(await pageData(doctor.clone()));
  await stack.supabase.sql("select chime_page.revoke($1, $2)", [
    visit.id,
    visit.provider.participantId,
  ]);
  const Cookie = `${cookieOf(doctor)}; ${patient.cookie}`;
  const reload = await fetch(`${visit.url}?tab=${tab}`, { headers: { Cookie } });
  assert.equal(await whose(reload), "401");
});

looseTest(
  "a cookie of version 0.1 brings its person back and is replaced by a current one",
  async () => {
    const visit = await createVisit(stack);
    const page = await pageData(await openByToken(visit, visit.provider));
    const [api, tab] = [page.api, tabOf(page)];
    const Cookie = `chime_page_session=${api.session}`;
    const reload = await fetch(visit.url, { headers: { Cookie } });
    assert.equal(cookieOf(reload), `chime_page_session_${tab}=${api.session}`);
    assert.equal((await pageData(reload)).api.session, api.session);
  },
);

looseTest(
  "a failed page offers a retry by its address only to the person it was for",
  async () => {
    const visit = await createVisit(stack);
    const doctor = await sessionCookie(visit, visit.provider);
    const patients = await pageData(await openByToken(visit, visit.patient));
    const cases: readonly [string, Presented, RegExp][] = [
      ["a cookie", {}, /name="session"|href=""/],
      ["a token of the patient", {
        headers: bearer(visit.patient.token),
      }, /^(?!.*href="")/s],
      ["a form of the patient", { form: { access_token: visit.patient.token } }, /^(?!.*href="")/s],
      ["the patient's session", { form: { session: patients.api.session } }, /name="session"/],
    ];
    await stack.supabase.sql(
      "alter function public.chime_page_open rename to chime_page_open_away",
    );
    try {
      for (const [name, credential, expected] of cases) {
        const html = { headers: { Accept: "text/html", ...credential.headers } };
        const answer = await present(visit, [{ ...credential, ...html }, doctor]);
        assert.equal(answer.status, 502, name);
        assert.match(await answer.text(), expected, name);
      }
    } finally {
      await stack.supabase.sql(
        "alter function public.chime_page_open_away rename to chime_page_open",
      );
    }
  },
);
