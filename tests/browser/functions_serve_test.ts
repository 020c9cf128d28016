import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { startFunction } from "../../dev/function/process.ts";
import { startGateway } from "../../dev/gateway.ts";
import { startStandIns } from "../../dev/stand_ins.ts";
import { startSupabase } from "../../dev/supabase/embedded.ts";
import { browserTest } from "../support/browser.ts";
import { createIssuer } from "../support/issuer.ts";
import { preparePlatform } from "../support/platform.ts";
import { pathOf } from "../support/project.ts";
import { visitor } from "../support/visitor.ts";
import { createVisit, pageData, passUrl } from "../support/visits.ts";

/**
 * In place of Docker's network, a proxy that knows its host names. Nothing else is reachable by it.
 * @param hosts where `host:port` is on this machine
 */
async function startContainerNetwork(hosts: Readonly<Record<string, string>>) {
  const reached = new Set<string>();
  const server = createServer((incoming, outgoing) => {
    const { host, pathname, search } = new URL(incoming.url ?? "");
    const target = hosts[host];
    if (target === undefined) return void outgoing.writeHead(502).end();
    reached.add(host);
    const { method = "GET", headers } = incoming;
    const forwarded = request(`${target}${pathname}${search}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    forwarded.on("error", () => outgoing.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reached,
    stop: () => {
      server.closeAllConnections();
      return new Promise<void>((done) => server.close(() => done()));
    },
  };
}

/** The function on the platform's Deno, with the environment that `supabase functions serve` makes. */
async function serveFunction() {
  await using started = new AsyncDisposableStack();
  const platform = started.adopt(await preparePlatform(), (one) => one.remove());
  const issuer = await createIssuer({
    issuer: "http://127.0.0.1:54321/auth/v1",
    audience: "authenticated",
  });
  const supabase = started.adopt(
    await startSupabase({
      database: { kind: "pglite" },
      migrationsDir: pathOf("supabase/migrations"),
    }),
    (one) => one.close(),
  );
  const standIns = started.adopt(await startStandIns(0), (one) => one.stop());
  const functions: string[] = [];
  const gateway = started.adopt(
    startGateway({
      port: 0,
      hostedDomain: false,
      supabase: () => supabase.url,
      functions: () => functions,
      home: () => undefined,
    }),
    (one) => one.stop(),
  );
  const chimeHost = new URL(standIns.environment.CHIME_ENDPOINT).host;
  const network = started.adopt(
    await startContainerNetwork({ "kong:8000": gateway.url, [chimeHost]: standIns.chime.url }),
    (one) => one.stop(),
  );
  const pageUrl = `${gateway.url}/functions/v1/chime-page`;
  const worker = started.adopt(
    await startFunction({
      deno: platform.deno,
      flags: platform.flags,
      supabaseDir: platform.supabaseDir,
      worker: platform.worker,
      environment: {
        // The printed env file; only the port of the gateway is not the CLI's.
        ...standIns.environment,
        CHIME_PAGE_PUBLIC_URL: pageUrl,
        // What the CLI injects.
        SUPABASE_URL: "http://kong:8000",
        SUPABASE_ANON_KEY: "legacy-anon-key",
        SUPABASE_SERVICE_ROLE_KEY: "legacy-service-role-key",
        SUPABASE_DB_URL: "postgresql://postgres:postgres@db:5432/postgres",
        SUPABASE_JWKS: JSON.stringify(issuer.jwks),
        SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: supabase.publishableKey }),
        SUPABASE_SECRET_KEYS: JSON.stringify({ default: supabase.secretKey }),
        SB_EXECUTION_ID: crypto.randomUUID(),
        // In place of Docker's name server.
        HTTP_PROXY: network.url,
      },
    }),
    (one) => one.stop(),
  );
  functions.push(worker.url);
  const running = started.move();
  return { pageUrl, issuer, supabase, network, chimeHost, stop: () => running.disposeAsync() };
}

browserTest(
  "with the environment of supabase functions serve and dev --stand-ins, a visit is served and its call connects",
  async (browser) => {
    const served = await serveFunction();
    try {
      const visit = await createVisit(served);
      // The patient waits first, so their page is made before there is a meeting.
      const patient = await visitor(browser, await passUrl(visit, visit.patient));
      await patient.press("#join");
      const provider = await visitor(browser, await passUrl(visit, visit.provider));
      await provider.press("#join");
      for (const one of [provider, patient]) {
        await one.until("the other person", ({ seen, frames }) => seen && frames > 3);
      }
      assert.deepEqual([...served.network.reached].sort(), [served.chimeHost, "kong:8000"].sort());

      const page = await fetch(visit.url, {
        headers: { Authorization: `Bearer ${visit.provider.token}`, Accept: "text/html" },
      });
      const policy = page.headers.get("content-security-policy") ?? "";
      const { join } = await pageData(page);
      assert.ok(policy.includes(new URL(join?.meeting.MediaPlacement.SignalingUrl ?? "").origin));
      assert.doesNotMatch(policy, /docker/);
      for (const one of [provider, patient]) await one.close();
    } finally {
      await served.stop();
    }
  },
);
