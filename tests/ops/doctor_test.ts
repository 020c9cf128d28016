import assert from "node:assert/strict";
import { doctor } from "../../ops/doctor/doctor.ts";
import { createVisit, openAndSpend, passUrl } from "../support/visits.ts";
import { testDependencies } from "./support.ts";
import { aws, examine, expectFault, page, path, stack, test, url, usual } from "./doctor_setup.ts";
import { withServer } from "../support/with_server.ts";

test("the local stack has no fault, and without credentials only the visit and the views are skipped", async () => {
  const { code, rows, faults, skipped } = await examine();
  assert.deepEqual(faults, []);
  assert.equal(code, 0);
  assert.deepEqual(skipped, ["visit", "views"]);
  assert.deepEqual(rows.map((row) => row.check), [
    "settings",
    "page",
    "policy",
    "headers",
    "address",
    "tokens",
    "visit",
    "lobby bundle",
    "in-call bundle",
    "SDK",
    "SDK hash",
    "SDK type",
    "SDK CORS",
    "SDK caching",
    "SDK compression",
    "African edges",
    "clock",
    "media region",
    "views",
  ]);
  assert.ok(rows.filter((row) => row.ms !== null && row.ms > 0).length >= 6);
});

test("with a token or a link the visit's page is checked, and no secret is printed", async () => {
  const visit = await createVisit(stack);
  const bearer = await examine([`${url}/${visit.id}`], { CHIME_PAGE_BEARER: visit.provider.token });
  assert.deepEqual([bearer.code, bearer.faults, bearer.skipped], [0, [], ["views"]]);
  assert.match(
    bearer.rows.find((row) => row.check === "visit")?.found ?? "",
    /200, open, as provider/,
  );
  assert.match(bearer.rows.find((row) => row.check === "SDK")?.found ?? "", /from the page\)/);
  assert.match(
    bearer.rows.find((row) => row.check === "media region")?.found ?? "",
    /eu-central-1, the nearest/,
  );
  const link = await passUrl(visit, visit.patient);
  const byLink = await examine([url, "--pass-url", link]);
  assert.deepEqual([byLink.code, byLink.faults], [0, []]);
  await openAndSpend(link);
  const spent = await examine([link]);
  assert.deepEqual([spent.code, spent.faults.map((row) => row.check)], [1, ["visit"]]);
  assert.match(
    spent.faults[0]?.found ?? "",
    /^410, a problem page, reference [\dA-F]{4}-[\dA-F]{4}$/,
  );
  const said = JSON.stringify([bearer.rows, byLink.rows, spent.rows]);
  for (const secret of [visit.provider.token, new URL(link).searchParams.get("pass") ?? "?"]) {
    assert.ok(!said.includes(secret));
  }
});

test("a missing or replaced Content-Security-Policy is a fault", async () => {
  page.changeResponse = ({ headers }) => delete headers["content-security-policy"];
  await expectFault("policy", /no Content-Security-Policy/, /pass Content-Security-Policy on/);
  page.changeResponse = ({ headers }) => headers["content-security-policy"] = "default-src 'self'";
  await expectFault("policy", /not the policy that the document states/, /pass Content-Security/);
});

test("cacheable pages and internal headers in responses are faults", async () => {
  page.changeResponse = ({ headers }) => headers["cache-control"] = "public, max-age=60";
  await expectFault("headers", /changed: cache-control/, /cache nothing/);
  page.changeResponse = ({ headers }) => headers["x-chime-page-status"] = "401";
  await expectFault("headers", /internal headers reach people/, /attach cloudfront_proxy\.js/);
});

test("accepted forged tokens are a fault", async () => {
  page.changeResponse = (response, { headers }) => {
    if (headers.authorization) response.status = 200;
  };
  await expectFault("tokens", /forged ES256: 200/, /STRANGERS GET IN/);
});

test("clocks that disagree are a fault", async () => {
  page.changeResponse = ({ headers }) =>
    headers.date = new Date(Date.now() + 600_000).toUTCString();
  await expectFault("clock", /\+[56]\d\d s/, /clock/);
});

test("an address other than the function's setting is a fault", async () => {
  await expectFault("address", /people are at/, /CHIME_PAGE_PUBLIC_URL/, [
    `${stack.baseUrl}${path}`,
  ]);
});

test("a server that does not respond is a fault", async () => {
  await expectFault("reachable", /127\.0\.0\.1:1/, /network/, [`http://127.0.0.1:1${path}`]);
});

test("another page at the address is a fault", async () => {
  page.changeResponse = (response) => {
    response.headers = { "content-type": "text/html" };
    response.body = "<h1>Parked</h1>";
  };
  await expectFault("page", /not the page/, /chime-page$/);
});

test("a bundle that is rewritten or missing is a fault", async () => {
  page.changeResponse = (response, { path }) => {
    if (path.includes("/files/")) response.headers["content-type"] = "text/plain";
  };
  await expectFault("in-call bundle", /type: text\/plain/, /pass on \/files\//);
  page.changeResponse = (response, { path }) => {
    if (path.includes("/files/")) response.status = 404;
  };
  await expectFault("lobby bundle", /reachable: 404/, /deploy the function again/);
});

test("a missing credential or an unreachable service skips a check, and the remedy says what it needs", async () => {
  const { code, rows } = await examine([url], { AWS_ACCESS_KEY_ID: "" });
  const dependencies = testDependencies(aws);
  assert.equal(await doctor([url, "--nearest-region-url", "http://127.0.0.1:1"], dependencies), 0);
  assert.match(dependencies.text(), /skipped +media region.*no answer from 127\.0\.0\.1:1/);
  assert.match(dependencies.text(), /skipped +visit +no credential\n +-> set CHIME_PAGE_BEARER/);
  const edges = rows.find((row) => row.check === "African edges");
  assert.deepEqual([code, edges?.state], [0, "skipped"]);
  assert.match(edges?.remedy ?? "", /AWS_PROFILE/);
});

test("a nearer media region is a note, not a fault", async () => {
  const visit = await createVisit(stack);
  const nearer = () => Response.json({ region: "af-south-1" });
  await withServer(nearer, async (port) => {
    const dependencies = testDependencies(aws, { CHIME_PAGE_BEARER: visit.provider.token });
    const args = [`${url}/${visit.id}`, "--nearest-region-url", `http://127.0.0.1:${port}`];
    assert.equal(await doctor(args, dependencies), 0, dependencies.text());
    assert.match(
      dependencies.text(),
      /note +media region .*in eu-central-1; af-south-1 is nearest/,
    );
    assert.match(dependencies.text(), /CHIME_MEDIA_REGION=af-south-1/);
  });
});

test("the command prints the table and exits with 0, 1 or 2", async () => {
  const run = async (...args: string[]) => {
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "doctor", ...args],
      cwd: new URL("../../", import.meta.url),
      env: { AWS_ACCESS_KEY_ID: "", AWS_PROFILE: "", CHIME_PAGE_BEARER: "" },
    }).output();
    return { code, text: new TextDecoder().decode(stdout) };
  };
  const region = usual.slice(0, 2);
  const healthy = await run(url, ...region);
  assert.equal(healthy.code, 0, healthy.text);
  assert.match(healthy.text, /^ok +settings +\d+ ms {2}complete; version [\d.]+, SDK [\d.]+$/m);
  assert.match(healthy.text, /\nin order\n$/);
  stack.cdn.fail({ kind: "status", status: 403 });
  const faulty = await run(url, ...region);
  assert.equal(faulty.code, 1);
  assert.match(faulty.text, /^FAULT +SDK +\d+ ms {2}403.*\n +-> publish the file/m);
  assert.match(faulty.text, /\n1 fault\n$/);
  assert.equal((await run()).code, 2);
  assert.equal((await run("https://visit.example.org/elsewhere")).code, 2);
  assert.equal((await run("--help")).code, 0);
});
