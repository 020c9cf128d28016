/**
 * A CDN on this machine: serves built SDK files the way CloudFront in front of S3 does, and fails the
 * way it fails when asked to.
 */
import { open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

/** How the next answers go wrong. */
export type CdnFault =
  /** The connection breaks in the middle of the file. */
  | { readonly kind: "reset" }
  | { readonly kind: "status"; readonly status: 404 | 403 | 503 }
  /** The file comes at this pace. */
  | { readonly kind: "slow"; readonly bytesPerSecond: number }
  /** Nothing comes at all. */
  | { readonly kind: "hang" }
  /** One byte is not what it should be: integrity must refuse the file. */
  | { readonly kind: "wrong-bytes" };

/** One request as it arrived. */
export interface CdnRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly status: number;
  readonly encoding: "br" | "identity";
}

/** A running origin. */
export interface Cdn {
  /** For example `http://127.0.0.1:40123`, without a slash at the end. */
  readonly url: string;
  requests(): readonly CdnRequest[];
  /** The next `times` requests for a file go wrong like this. */
  fail(fault: CdnFault, times?: number): void;
  /** No more failing. */
  heal(): void;
  close(): Promise<void>;
}

/** Where the files are, and where to listen; port 0 takes a free one. */
export interface CdnOptions {
  readonly directory: string;
  readonly port?: number;
}

// S3 behind Origin Access Control without ListBucket: a missing key is not found out about.
const ACCESS_DENIED = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`;

const CHUNK = 8 * 1024;

function headersOf(encoding: "br" | "identity"): Headers {
  const headers = new Headers({
    "content-type": "text/javascript",
    "cache-control": "public, max-age=31536000, immutable",
    "access-control-allow-origin": "*",
    "x-content-type-options": "nosniff",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "vary": "Accept-Encoding",
    "accept-ranges": "bytes",
  });
  if (encoding === "br") headers.set("content-encoding", "br");
  return headers;
}

function errorAnswer(status: number): Response {
  const headers = { "content-type": "application/xml", "access-control-allow-origin": "*" };
  return new Response(ACCESS_DENIED, { status, headers });
}

/** Gives a body at a pace; `breakAt` ends the connection after that many bytes. */
function paced(bytes: Uint8Array, bytesPerSecond: number, breakAt = Infinity): ReadableStream {
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      if (sent >= breakAt) return controller.error(new Error("Connection reset"));
      if (sent >= bytes.length) return controller.close();
      const size = Math.min(CHUNK, bytesPerSecond, bytes.length - sent);
      controller.enqueue(bytes.slice(sent, sent + size));
      sent += size;
      if (Number.isFinite(bytesPerSecond)) {
        await new Promise((done) => setTimeout(done, size / bytesPerSecond * 1000));
      }
    },
  });
}

/** Starts the origin. Files are read when asked for, so a rebuilt one is served at once. */
export async function startCdn(options: CdnOptions): Promise<Cdn> {
  const requests: CdnRequest[] = [];
  const compressed = new Map<string, Uint8Array<ArrayBuffer>>();
  const hanging = new Set<() => void>();
  let fault: CdnFault | null = null;
  let left = 0;

  async function fileAt(name: string): Promise<Uint8Array<ArrayBuffer> | null> {
    const names = await readdir(options.directory).catch((): string[] => []);
    if (!names.includes(name)) return null;
    return new Uint8Array(await readFile(join(options.directory, name)));
  }
  function encode(name: string, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    // The name carries the content's hash, so it is a key. CloudFront's own setting is near 5.
    const known = compressed.get(name);
    if (known !== undefined) return known;
    const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
    const encoded = new Uint8Array(brotliCompressSync(bytes, { params }));
    compressed.set(name, encoded);
    return encoded;
  }
  function nextFault(): CdnFault | null {
    if (fault === null || left <= 0) return null;
    left--;
    return fault;
  }

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const encoding = /\bbr\b/.test(request.headers.get("accept-encoding") ?? "")
      ? "br"
      : "identity";
    const name = decodeURIComponent(url.pathname.slice(1));
    const note = (response: Response) => {
      const path = url.pathname + url.search;
      requests.push({ method: request.method, path, status: response.status, encoding });
      return response;
    };
    if (request.method !== "GET" && request.method !== "HEAD") return note(errorAnswer(403));
    const failing = nextFault();
    if (failing?.kind === "status") return note(errorAnswer(failing.status));
    const file = await fileAt(name);
    if (file === null) return note(errorAnswer(403));
    if (failing?.kind === "hang") {
      await new Promise<void>((done) => hanging.add(done));
      return note(errorAnswer(503));
    }
    if (failing?.kind === "wrong-bytes") {
      // A comment's worth of difference: the script would run, only its hash is another.
      const wrong = new Uint8Array([...file, 0x0a]);
      return note(new Response(wrong, { headers: headersOf("identity") }));
    }
    const bytes = encoding === "br" ? encode(name, file) : file;
    const headers = headersOf(encoding);
    headers.set("content-length", String(bytes.length));
    if (request.method === "HEAD") return note(new Response(null, { headers }));
    if (failing?.kind === "slow") {
      return note(new Response(paced(bytes, failing.bytesPerSecond), { headers }));
    }
    if (failing?.kind === "reset") {
      return note(new Response(paced(bytes, Infinity, bytes.length / 2), { headers }));
    }
    return note(new Response(bytes, { headers }));
  }

  // Fails early where there is nothing to serve from.
  await (await open(options.directory)).close();
  const server = Deno.serve(
    { port: options.port ?? 0, hostname: "127.0.0.1", onListen: () => undefined },
    answer,
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests: () => requests,
    fail(next, times = Infinity) {
      fault = next;
      left = times;
    },
    heal() {
      fault = null;
      hanging.forEach((done) => done());
      hanging.clear();
    },
    async close() {
      hanging.forEach((done) => done());
      await server.shutdown();
    },
  };
}
