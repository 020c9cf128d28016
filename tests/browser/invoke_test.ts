/// <reference lib="dom" />
import assert from "node:assert/strict";
import { launchBrowser, newPhone } from "../support/browser.ts";
import { createVisit, startTestStack } from "../support/visits.ts";
import { looseTest } from "../support/sanitizers.ts";
import { withServer } from "../support/with_server.ts";

/** The file that a page gets from a CDN. */
const supabaseJs = await Deno.readTextFile(
  new URL("./umd/supabase.js", import.meta.resolve("@supabase/supabase-js")),
);
const { corsHeaders } = await import(
  new URL("./cors.mjs", import.meta.resolve("@supabase/supabase-js")).href
);
const stack = await startTestStack();
const browser = await launchBrowser();
Deno.test.afterAll(async () => {
  await browser.close();
  await stack.stop();
});

/** The part of supabase-js that the page uses. */
interface SupabaseJs {
  createClient(url: string, key: string, options: unknown): {
    readonly functions: {
      invoke(name: string, options: unknown): Promise<{
        readonly data: { readonly url: string; readonly expiresAt: string } | null;
        readonly error: { readonly name: string } | null;
        readonly response?: Response;
      }>;
    };
  };
}

/** What the page of an app got for `functions.invoke`. */
interface Answer {
  readonly link: string | null;
  readonly error: string | null;
  readonly status: number | null;
  readonly problem: string | null;
  readonly retryAfter: string | null;
}

/** Asks for a link with supabase-js, on a page of another site. */
async function invoke(options: {
  readonly token: string;
  readonly appointment: string;
  readonly region?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}): Promise<Answer> {
  return await withServer(
    () =>
      new Response(`<!doctype html><title>app</title><script>${supabaseJs}</script>`, {
        headers: { "Content-Type": "text/html; charset=utf-8" },
      }),
    async (port) => {
      const phone = await newPhone(browser);
      try {
        await phone.page.goto(`http://127.0.0.1:${port}/`);
        return await phone.page.evaluate(async ({ url, key, options }) => {
          const supabase: SupabaseJs = Reflect.get(globalThis, "supabase");
          const { token, appointment, ...rest } = options;
          const client = supabase.createClient(url, key, {
            accessToken: () => Promise.resolve(token),
          });
          const { data, error, response } = await client.functions.invoke(
            `chime-page/${appointment}/passes`,
            rest,
          );
          const problem = error !== null && response ? await response.json() : null;
          return {
            link: data?.url ?? null,
            error: error?.name ?? null,
            status: response?.status ?? null,
            problem: problem?.type ?? null,
            retryAfter: response?.headers.get("retry-after") ?? null,
          };
        }, {
          url: stack.baseUrl,
          key: stack.supabase.publishableKey,
          options,
        });
      } finally {
        await phone.close();
      }
    },
  );
}

looseTest(
  "functions.invoke on a page of another site returns a link, in a region too",
  async () => {
    const { id, patient: { token } } = await createVisit(stack);
    const traced = {
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      tracestate: "clinic=1",
      baggage: "release=1",
      "x-retry-count": "1",
      "sentry-trace": "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
    };
    for (
      const options of [
        {},
        { region: "eu-central-1" },
        { region: "eu-central-1", headers: traced },
        { body: { opens: "by-tap" } },
      ]
    ) {
      const answer = await invoke({ appointment: id, token, ...options });
      assert.equal(answer.error, null, JSON.stringify({ options, answer }));
      assert.match(answer.link ?? "", /\?(pass|link)=/);
    }
  },
);

looseTest(
  "a page of another site can read which problem it is, and when to try again",
  async () => {
    const { patient: { token } } = await createVisit(stack);
    const unknown = await invoke({ appointment: crypto.randomUUID(), token });
    assert.deepEqual(unknown, {
      link: null,
      error: "FunctionsHttpError",
      status: 404,
      problem: "urn:chime-page:problem:visit-not-found",
      retryAfter: null,
    });
    const { id, provider } = await createVisit(stack);
    const answers: Answer[] = [];
    while (answers.at(-1)?.status !== 429 && answers.length < 30) {
      answers.push(await invoke({ appointment: id, token: provider.token }));
    }
    assert.equal(answers.at(-1)?.problem, "urn:chime-page:problem:rate-limited");
    assert.match(answers.at(-1)?.retryAfter ?? "", /^\d+$/);
  },
);

Deno.test("a preflight allows every header that supabase-js may send", async () => {
  const answer = await fetch(`${stack.pageUrl}/${crypto.randomUUID()}/passes`, {
    method: "OPTIONS",
    headers: { Origin: "https://app.example.org", "Access-Control-Request-Method": "POST" },
  });
  await answer.body?.cancel();
  const list = (text: unknown) => String(text).toLowerCase().split(/\s*,\s*/);
  const allowed = list(answer.headers.get("access-control-allow-headers"));
  const sent = [...list(corsHeaders["Access-Control-Allow-Headers"]), "x-region"];
  assert.ok(sent.length > 8);
  assert.deepEqual(sent.filter((name) => !allowed.includes(name)), []);
});
