/** The whole system for benchmarks of the page, with responses compressed as in production. */
import { brotliCompressSync } from "node:zlib";
import { brotli } from "../../dev/compression.ts";
import { forward } from "../../dev/forward.ts";
import { serveLocally } from "../../dev/local_server.ts";
import { startTestStack, type TestStack } from "../../tests/support/visits.ts";

/** A stack, and an address under which further documents are served from its origin. */
export interface BenchStack extends TestStack {
  readonly origin: string;
  /** Documents and scripts of other pages, by their path. */
  readonly extra: Map<string, { readonly text: string; readonly type: string }>;
}

/** Immutable files have Brotli's best quality, as the function gives them; documents a fast one. */
function compressedOnce(): (bytes: Uint8Array, cache: string | null) => Uint8Array<ArrayBuffer> {
  const known = new Map<string, Uint8Array<ArrayBuffer>>();
  return (bytes, cache) => {
    if (!cache?.includes("immutable")) return brotli(bytes);
    const key = new TextDecoder().decode(bytes);
    const best = known.get(key) ?? new Uint8Array(brotliCompressSync(bytes));
    known.set(key, best);
    return best;
  };
}

/** Starts it. Without a lobby, people are in the call at once. */
export async function startBenchStack(): Promise<BenchStack> {
  const compress = compressedOnce();
  const extra: BenchStack["extra"] = new Map();
  let target = "";
  const server = serveLocally(async (request) => {
    const { pathname, search } = new URL(request.url);
    const other = extra.get(pathname);
    const answer = other
      ? new Response(other.text, {
        headers: { "content-type": other.type, "access-control-allow-origin": "*" },
      })
      : await forward(request, `${target}${pathname}${search}`);
    const text = /^(?:text\/|application\/json)/.test(answer.headers.get("content-type") ?? "");
    if (!text || answer.headers.has("content-encoding")) return answer;
    const bytes = compress(
      new Uint8Array(await answer.arrayBuffer()),
      answer.headers.get("cache-control"),
    );
    const headers = new Headers(answer.headers);
    headers.delete("content-length");
    if (bytes.length > 0) headers.set("content-encoding", "br");
    const empty = [204, 304].includes(answer.status);
    return new Response(empty ? null : bytes, { status: answer.status, headers });
  });
  const stack = await startTestStack({
    environment: {
      CHIME_PAGE_LOBBY: "off",
      CHIME_PAGE_PUBLIC_URL: `${server.url}/functions/v1/chime-page`,
    },
  });
  target = stack.baseUrl;
  const { stop } = stack;
  return Object.assign(stack, {
    origin: server.url,
    extra,
    stop: async () => {
      await stop();
      await server.stop();
    },
  });
}
