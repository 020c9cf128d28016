import assert from "node:assert/strict";
import { doctor } from "../../ops/doctor/doctor.ts";
import type { Row } from "../../ops/doctor/row.ts";
import { createVisit, openAndSpeak, passUrl, startTestStack } from "../support/visits.ts";
import { deployedAws, testWorld } from "./support.ts";
import { startMeddler } from "./meddler.ts";

// The function and the CDN, each with something in the middle that can spoil it.
const [page, cdn] = [await startMeddler(), await startMeddler()];
const path = "/functions/v1/chime-page";
const stack = await startTestStack({
  environment: { CHIME_PAGE_PUBLIC_URL: `${page.url}${path}`, CHIME_SDK_CDN_URL: cdn.url },
});
page.target = stack.baseUrl;
cdn.target = stack.cdn.url;
const { aws, distribution } = await deployedAws();
const nearest = Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: () => {} },
  () => Response.json({ region: "eu-central-1" }),
);
Deno.test.afterAll(async () => {
  await nearest.shutdown();
  await aws.close();
  await stack.stop();
  await Promise.all([page.close(), cdn.close()]);
});

const url = `${page.url}${path}`;
const usual = [
  "--nearest-region-url",
  `http://127.0.0.1:${nearest.addr.port}`,
  "--distribution",
  distribution.id,
];

/** Runs the doctor and reads its rows. */
async function examine(args: readonly string[] = [url], env: Record<string, string> = {}) {
  const world = testWorld(aws, env);
  const code = await doctor([...args, ...usual, "--json"], world);
  const { rows } = JSON.parse(world.text()) as { rows: readonly Row[] };
  const of = (state: Row["state"]) => rows.filter((row) => row.state === state);
  return { code, rows, faults: of("fault"), skipped: of("skipped").map((row) => row.check) };
}

/** Holds one fault to its row: red, with this remedy, exit code 1. */
async function expectFault(check: string, found: RegExp, remedy: RegExp, args?: readonly string[]) {
  const { code, faults } = await examine(args);
  const row = faults.find((one) => one.check === check);
  assert.ok(row, `${check} is not red; red are: ${faults.map((one) => one.check)}`);
  assert.match(row.found, found);
  assert.match(row.remedy, remedy);
  assert.equal(code, 1);
}

// The processes and ports of the stack outlive single tests.
const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({
    name,
    sanitizeResources: false,
    sanitizeOps: false,
    fn: async () => {
      try {
        await fn();
      } finally {
        page.heal();
        cdn.heal();
        stack.cdn.heal();
      }
    },
  });

test("the local stack is all green, with no credential but AWS's", async () => {
  const { code, rows, faults, skipped } = await examine();
  assert.deepEqual(faults, []);
  assert.equal(code, 0);
  assert.deepEqual(skipped, ["visit"]);
  assert.deepEqual(rows.map((row) => row.check), [
    "settings",
    "page",
    "policy",
    "headers",
    "address",
    "tokens",
    "visit",
    "call file",
    "SDK",
    "SDK hash",
    "SDK type",
    "SDK CORS",
    "SDK caching",
    "SDK packed",
    "African edges",
    "clock",
    "media region",
  ]);
  assert.ok(rows.filter((row) => row.ms !== null && row.ms > 0).length >= 6);
});

test("with a bearer, or a link, the real page is looked at, and nothing secret is printed", async () => {
  const visit = await createVisit(stack);
  const bearer = await examine([`${url}/${visit.id}`], { CHIME_PAGE_BEARER: visit.provider.token });
  assert.deepEqual([bearer.code, bearer.faults, bearer.skipped], [0, [], []]);
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
  await openAndSpeak(link);
  const spent = await examine([link]);
  assert.deepEqual([spent.code, spent.faults.map((row) => row.check)], [1, ["visit"]]);
  const said = JSON.stringify([bearer.rows, byLink.rows, spent.rows]);
  for (const secret of [visit.provider.token, new URL(link).searchParams.get("pass") ?? "?"]) {
    assert.ok(!said.includes(secret));
  }
});

test("1. the policy is taken away, or replaced", async () => {
  page.answer = ({ headers }) => delete headers["content-security-policy"];
  await expectFault("policy", /no Content-Security-Policy/, /pass Content-Security-Policy on/);
  page.answer = ({ headers }) => headers["content-security-policy"] = "default-src 'self'";
  await expectFault("policy", /not the policy that the document states/, /pass Content-Security/);
});

test("2. a proxy caches pages, or marker headers get out", async () => {
  page.answer = ({ headers }) => headers["cache-control"] = "public, max-age=60";
  await expectFault("headers", /changed: cache-control/, /cache nothing/);
  page.answer = ({ headers }) => headers["x-chime-page-status"] = "401";
  await expectFault("headers", /marker headers get out/, /attach front\.js/);
});

test("3. forged tokens are accepted", async () => {
  page.answer = (answer, { headers }) => {
    if (headers.authorization) answer.status = 200;
  };
  await expectFault("tokens", /forged ES256: 200/, /STRANGERS GET IN/);
});

test("4. the SDK file is not there", async () => {
  stack.cdn.fail({ kind: "status", status: 403 });
  await expectFault("SDK", /^403/, /cdn:publish/);
});

test("5. the SDK file has other bytes", async () => {
  stack.cdn.fail({ kind: "wrong-bytes" });
  await expectFault("SDK hash", /^sha384-/, /together/);
});

test("6. the SDK file comes without CORS", async () => {
  cdn.answer = ({ headers }) => delete headers["access-control-allow-origin"];
  await expectFault("SDK CORS", /no Access-Control-Allow-Origin/, /response headers policy/);
});

test("7. the SDK file is not kept by browsers", async () => {
  cdn.answer = ({ headers }) => headers["cache-control"] = "public, max-age=300";
  await expectFault("SDK caching", /max-age=300/, /immutable/);
});

test("8. the SDK file is not packed", async () => {
  cdn.ask = (headers) => headers["accept-encoding"] = "identity";
  await expectFault("SDK packed", /not packed/, /Compress/);
});

test("9. the SDK file is no script by its type", async () => {
  cdn.answer = ({ headers }) => headers["content-type"] = "application/octet-stream";
  await expectFault("SDK type", /octet-stream/, /text\/javascript/);
});

test("10. the price class has no African edge", async () => {
  const config = distribution.config as { PriceClass: string };
  config.PriceClass = "PriceClass_100";
  try {
    await expectFault("African edges", /PriceClass_100/, /PriceClass_All/);
  } finally {
    config.PriceClass = "PriceClass_All";
  }
});

test("11. the clocks disagree", async () => {
  page.answer = ({ headers }) => headers.date = new Date(Date.now() + 600_000).toUTCString();
  await expectFault("clock", /\+[56]\d\d s/, /clock/);
});

test("12. people are elsewhere than the function believes", async () => {
  await expectFault("address", /people are at/, /CHIME_PAGE_PUBLIC_URL/, [
    `${stack.baseUrl}${path}`,
  ]);
});

test("13. nothing answers", async () => {
  await expectFault("reachable", /127\.0\.0\.1:1/, /network/, [`http://127.0.0.1:1${path}`]);
});

test("14. it is another page altogether", async () => {
  page.answer = (answer) => {
    answer.headers = { "content-type": "text/html" };
    answer.body = "<h1>Parked</h1>";
  };
  await expectFault("page", /not the page/, /chime-page$/);
});

test("the call's own file is rewritten, or not handed on", async () => {
  page.answer = (answer, { path }) => {
    if (path.includes("/files/")) answer.headers["content-type"] = "text/plain";
  };
  await expectFault("call file", /type: text\/plain/, /hand on \/files\//);
  page.answer = (answer, { path }) => {
    if (path.includes("/files/")) answer.status = 404;
  };
  await expectFault("call file", /reachable: 404/, /deploy the function again/);
});

test("a missing credential or an unreachable service skips its row, and says what it takes", async () => {
  const { code, rows } = await examine([url], { AWS_ACCESS_KEY_ID: "" });
  const world = testWorld(aws);
  assert.equal(await doctor([url, "--nearest-region-url", "http://127.0.0.1:1"], world), 0);
  assert.match(world.text(), /skipped +media region.*127\.0\.0\.1:1 can't be asked/);
  assert.match(world.text(), /skipped +visit +no credential\n +-> set CHIME_PAGE_BEARER/);
  const edges = rows.find((row) => row.check === "African edges");
  assert.deepEqual([code, edges?.state], [0, "skipped"]);
  assert.match(edges?.remedy ?? "", /AWS_PROFILE/);
});

test("a region that is nearer is advice, and no fault", async () => {
  const visit = await createVisit(stack);
  const other = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => Response.json({ region: "af-south-1" }),
  );
  try {
    const world = testWorld(aws, { CHIME_PAGE_BEARER: visit.provider.token });
    const args = [
      `${url}/${visit.id}`,
      "--nearest-region-url",
      `http://127.0.0.1:${other.addr.port}`,
    ];
    assert.equal(await doctor(args, world), 0, world.text());
    assert.match(world.text(), /note +media region .*in eu-central-1; af-south-1 is nearest/);
    assert.match(world.text(), /CHIME_MEDIA_REGION=af-south-1/);
  } finally {
    await other.shutdown();
  }
});

test("as a command it prints the table and ends with 0, 1 or 2", async () => {
  const run = async (...args: string[]) => {
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "--quiet", "doctor", ...args],
      cwd: new URL("../../", import.meta.url),
      env: { AWS_ACCESS_KEY_ID: "", AWS_PROFILE: "", CHIME_PAGE_BEARER: "" },
    }).output();
    return { code, text: new TextDecoder().decode(stdout) };
  };
  const region = usual.slice(0, 2);
  const green = await run(url, ...region);
  assert.equal(green.code, 0, green.text);
  assert.match(green.text, /^ok +settings +\d+ ms {2}complete; version [\d.]+, SDK [\d.]+$/m);
  assert.match(green.text, /\nin order\n$/);
  stack.cdn.fail({ kind: "status", status: 403 });
  const red = await run(url, ...region);
  assert.equal(red.code, 1);
  assert.match(red.text, /^FAULT +SDK +\d+ ms {2}403.*\n +-> publish the file/m);
  assert.match(red.text, /\n1 fault\n$/);
  assert.equal((await run()).code, 2);
  assert.equal((await run("https://visit.example.org/elsewhere")).code, 2);
  assert.equal((await run("--help")).code, 0);
});
