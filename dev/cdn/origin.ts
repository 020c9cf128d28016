import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { brotli } from "../compression.ts";
import { serveLocally } from "../local_server.ts";

/** How the next requests fail. */
export type CdnFault =
  /** The connection breaks in the middle of the file. */
  | { readonly kind: "reset" }
  | { readonly kind: "status"; readonly status: 404 | 403 | 503 }
  /** No response comes. */
  | { readonly kind: "hang" }
  /** The bytes are not the ones of the integrity hash. */
  | { readonly kind: "wrong-bytes" };

/** Where the files are, and where they are served; by default on any free port of this machine. */
export interface CdnOptions {
  readonly directory: string;
  readonly port?: number;
  readonly hostname?: "127.0.0.1" | "0.0.0.0";
}

export interface CdnRequest {
  /** Path and query. */
  readonly path: string;
  readonly status: number;
  readonly encoding: "br" | "identity";
}

export type Cdn = Awaited<ReturnType<typeof startCdn>>;

const HEADERS = {
  "content-type": "text/javascript",
  "cache-control": "public, max-age=31536000, immutable",
  "access-control-allow-origin": "*",
  "x-content-type-options": "nosniff",
  "strict-transport-security": "max-age=63072000; includeSubDomains",
  "vary": "Accept-Encoding",
  "accept-ranges": "bytes",
};

/** S3 answers like this for a missing key too, because CloudFront has no right to list the bucket. */
const ACCESS_DENIED = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`;

function refusal(status: number): Response {
  const headers = { "content-type": "application/xml", "access-control-allow-origin": "*" };
  return new Response(ACCESS_DENIED, { status, headers });
}

/** Sends half of the bytes, then breaks the connection. */
function broken(bytes: Uint8Array): ReadableStream {
  let sent = false;
  return new ReadableStream({
    pull(controller) {
      if (sent) return controller.error(new Error("Connection reset"));
      sent = true;
      controller.enqueue(bytes.slice(0, bytes.length / 2));
    },
  });
}

/**
 * Starts a CDN that serves built SDK files as CloudFront in front of S3 does. Files are read for each
 * request, so a new build is served at once.
 */
export async function startCdn({ directory, port, hostname }: CdnOptions) {
  const requests: CdnRequest[] = [];
  const compressed = new Map<string, Uint8Array<ArrayBuffer>>();
  let hanging = Promise.withResolvers<void>();
  let fault: CdnFault | undefined;
  let left = 0;

  async function answer(
    request: Request,
    name: string,
    encoding: "br" | "identity",
  ): Promise<Response> {
    if (request.method !== "GET" && request.method !== "HEAD") return refusal(403);
    const failing = left > 0 ? fault : undefined;
    left--;
    if (failing?.kind === "status") return refusal(failing.status);
    const file = name === basename(name)
      ? await Deno.readFile(join(directory, name)).catch(() => undefined)
      : undefined;
    if (file === undefined) return refusal(403);
    if (failing?.kind === "hang") {
      await hanging.promise;
      return refusal(503);
    }
    if (failing?.kind === "wrong-bytes") {
      // A line break more: the script would run, but its hash differs.
      return new Response(new Uint8Array([...file, 0x0a]), { headers: HEADERS });
    }
    let bytes = file;
    const headers = new Headers(HEADERS);
    if (encoding === "br") {
      // The name has the content's hash, so it is a key.
      bytes = compressed.get(name) ?? brotli(file);
      compressed.set(name, bytes);
      headers.set("content-encoding", "br");
    }
    headers.set("content-length", String(bytes.length));
    if (request.method === "HEAD") return new Response(null, { headers });
    return new Response(failing?.kind === "reset" ? broken(bytes) : bytes, { headers });
  }

  // Fails early where there is nothing to serve from.
  await stat(directory);
  const { url, stop } = serveLocally(
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const accepted = request.headers.get("accept-encoding") ?? "";
      const encoding = /\bbr\b/.test(accepted) ? "br" : "identity";
      const response = await answer(request, decodeURIComponent(pathname.slice(1)), encoding);
      requests.push({ path: pathname + search, status: response.status, encoding });
      return response;
    },
    port,
    hostname,
  );
  const release = () => {
    hanging.resolve();
    hanging = Promise.withResolvers();
  };
  return {
    url,
    requests: (): readonly CdnRequest[] => requests,
    /** Lets the next `times` requests for a file fail; all by default. */
    fail(next: CdnFault, times = Infinity) {
      fault = next;
      left = times;
    },
    heal() {
      left = 0;
      release();
    },
    close() {
      release();
      return stop();
    },
  };
}
