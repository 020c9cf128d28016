import assert from "node:assert/strict";
import { findLocalAddress } from "../../dev/chime/media/local_address.ts";
import { root, startDev } from "../support/dev_command.ts";

Deno.test("dev --front serves the page through the CloudFront stand-in, past the hosted domain's rewrite", async () => {
  const dev = await startDev("--json", "--hosted-domain", "--front");
  const { baseUrl, pageUrl, people } = JSON.parse(dev.line);
  try {
    assert.notEqual(new URL(pageUrl).origin, baseUrl);
    const html = { Accept: "text/html" };
    const { url } = people.find((one: { appointment: string }) => one.appointment === "open");
    assert.ok(url.startsWith(`${pageUrl}/`), url);
    // The link opens the page; without it the response is a problem page.
    const bare = url.replace(/\?.*/, "");
    for (
      const [address, status, shown] of [[url, 200, /id="visit-data"/], [bare, 401, /<h1/]] as const
    ) {
      const page = await fetch(address, { headers: html });
      assert.equal(page.status, status);
      assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
      assert.match(page.headers.get("content-security-policy") ?? "", /script-src/);
      assert.match(await page.text(), shown);
    }
    // Without the proxy the hosted domain rewrites it.
    const direct = await fetch(url.replace(new URL(pageUrl).origin, baseUrl), { headers: html });
    await direct.body?.cancel();
    assert.equal(direct.headers.get("content-type"), "text/plain");
  } finally {
    assert.equal(await dev.stop("SIGTERM"), 0);
  }
  await assert.rejects(fetch(pageUrl), "the CloudFront proxy is still there");
});

Deno.test("dev shows its progress, one pair of links, and a home page that groups people by visit", async () => {
  const dev = await startDev();
  const pair = await dev.read("Ctrl-C");
  const home = /fresh links at any time: (\S+)/.exec(pair)?.[1] ?? "";
  const page = await (await fetch(home)).text();
  assert.equal(await dev.stop("SIGINT"), 0);
  assert.equal(pair.match(/\?pass=/g)?.length, 2);
  assert.match(await dev.progress, /starting[^]*started: database[^]*started: function/);
  assert.equal(page.match(/<h2>/g)?.length, 7, "six visits, and somebody else");
  assert.match(page, /private\s+window/);
});

Deno.test("dev --stand-ins prints only an env file, and other machines reach the stand-ins", async () => {
  const dev = await startDev("--stand-ins");
  const text = await dev.read(
    "CHIME_PAGE_PUBLIC_URL=http://127.0.0.1:54321/functions/v1/chime-page\n",
  );
  const lines = text.trim().split("\n").map((line) => /^([A-Z_]+)=(\S+)$/.exec(line));
  const values = new Map(lines.map((match) => [match?.[1], match?.[2] ?? ""]));
  try {
    assert.deepEqual([...values.keys()].sort(), [
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "CHIME_ENDPOINT",
      "CHIME_PAGE_PUBLIC_URL",
      "CHIME_SDK_CDN_URL",
    ]);
    const endpoint = new URL(values.get("CHIME_ENDPOINT") ?? "");
    assert.equal(endpoint.hostname, "host.docker.internal");
    const cdn = new URL(values.get("CHIME_SDK_CDN_URL") ?? "");
    for (const { port } of [endpoint, cdn]) {
      const answer = await fetch(`http://${findLocalAddress()}:${port}/`);
      await answer.body?.cancel();
      // Chime refuses what is not signed, and the CDN what it does not have.
      assert.equal(answer.status, 403);
    }
  } finally {
    assert.equal(await dev.stop("SIGINT"), 0);
  }
  assert.match(await dev.progress, /supabase functions serve/);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`dev prints one JSON line with a link for each demo person, and stops on ${signal}`, async () => {
    const hosted = signal === "SIGTERM";
    const dev = await startDev("--json", ...(hosted ? ["--hosted-domain"] : []));
    const { baseUrl, pageUrl, chimeUrl, cdnUrl, people } = JSON.parse(dev.line);
    try {
      assert.equal(pageUrl, `${baseUrl}/functions/v1/chime-page`);
      assert.deepEqual(
        new Set(people.map((one: { appointment: string }) => one.appointment)),
        new Set(["open", "too-early", "over", "cancelled", "video-disabled", "group"]),
      );
      assert.deepEqual(people.filter((one: { problem?: string }) => one.problem), []);
      const provider = people.find((one: { role: string }) => one.role === "provider");
      assert.ok(provider.name && provider.url.startsWith(`${baseUrl}/functions/v1/chime-page/`));
      const page = await fetch(provider.url, { headers: { Accept: "text/html" } });
      assert.equal(page.status, 200);
      assert.match(await page.text(), /id="visit-data"/);
      const type = page.headers.get("content-type") ?? "";
      const policy = page.headers.get("content-security-policy") ?? "";
      if (hosted) {
        assert.equal(type, "text/plain");
        assert.equal(policy, "default-src 'none'; sandbox");
      } else {
        assert.match(type, /^text\/html/);
        assert.ok(policy.includes(cdnUrl) && policy.includes(chimeUrl));
      }
    } finally {
      assert.equal(await dev.stop(signal), 0);
    }
    for (const url of [baseUrl, chimeUrl, cdnUrl]) {
      await assert.rejects(fetch(url), `${url} is still there`);
    }
  });
}

Deno.test("dev ends when npx is ended, although npx forwards no signal", async () => {
  // Like npm's launcher of Deno: a process that only waits for Deno.
  const launcher = `require("node:child_process").spawnSync(process.argv[1],
    ["task", "--quiet", "dev", "--port", "0", "--json"], { stdio: "inherit" })`;
  const child = new Deno.Command("node", {
    args: ["-e", launcher, Deno.execPath()],
    cwd: root,
    env: { npm_lifecycle_event: "npx" },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) text += (await lines.read()).value ?? "";
  const { baseUrl } = JSON.parse(text.slice(0, text.indexOf("\n")));
  child.kill("SIGTERM");
  await child.status;
  // The pipe closes with the last process that holds it.
  while (!(await lines.read()).done);
  await assert.rejects(fetch(baseUrl), "the project is still there");
});
