/** A request as it goes over the wire, without being normalized, completed or refused. */
export interface WireRequest {
  readonly method: string;
  /** What is between method and version, such as `//x/../y?z`. */
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Uint8Array | string | undefined;
}

/** A response, with its body as it arrived. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** No request may take longer; the function gives up its own calls after 8 seconds. */
const TIMEOUT_MS = 30_000;

const encoder = new TextEncoder();

/** A client for one request at a time, over one connection that is kept open. Loopback alone. */
export class Wire {
  #connection: Deno.TcpConn | undefined;

  constructor(private readonly port: number) {}

  /** Sends a request and reads its answer. Raises an error where there is none. */
  async ask(request: WireRequest): Promise<WireAnswer> {
    const reused = this.#connection !== undefined;
    try {
      return await this.#exchange(request);
    } catch (error) {
      this.close();
      // The server may have closed a kept connection before it saw the request.
      const lost = error instanceof NoAnswer || error instanceof Deno.errors.ConnectionReset;
      if (reused && lost) return await this.#exchange(request);
      throw error;
    }
  }

  close(): void {
    try {
      this.#connection?.close();
    } catch {
      // Closed already.
    }
    this.#connection = undefined;
  }

  async #exchange(request: WireRequest): Promise<WireAnswer> {
    const connection = this.#connection ??= await Deno.connect({
      hostname: "127.0.0.1",
      port: this.port,
    });
    const timer = setTimeout(() => this.close(), TIMEOUT_MS);
    try {
      // A server may answer, and stop reading, before it has the whole body.
      const sent = writeAll(connection, encodeRequest(request, this.port)).catch(() => {});
      const { answer, keep } = await readAnswer(connection, request.method);
      if (keep) await sent;
      else this.close();
      return answer;
    } catch (error) {
      this.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The connection ended before the first byte of an answer. */
class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** The bytes of a request, with `Host` and `Content-Length` where the headers have none. */
function encodeRequest(request: WireRequest, port: number): Uint8Array<ArrayBuffer> {
  const { method, target, headers } = request;
  const body = typeof request.body === "string" ? encoder.encode(request.body) : request.body;
  const has = (name: string) => headers.some(([given]) => given.toLowerCase() === name);
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(has("host") ? [] : [`Host: 127.0.0.1:${port}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body && !has("content-length") ? [`Content-Length: ${body.length}`] : []),
  ];
  const head = encoder.encode(`${lines.join("\r\n")}\r\n\r\n`);
  const bytes = new Uint8Array(head.length + (body?.length ?? 0));
  bytes.set(head);
  if (body) bytes.set(body, head.length);
  return bytes;
}

async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/** Reads one answer; `keep` tells whether the connection can carry another request. */
export async function readAnswer(
  connection: Pick<Deno.TcpConn, "read">,
  method: string,
): Promise<{ answer: WireAnswer; keep: boolean }> {
  const input = new Input(connection);
  for (;;) {
    const { status, headers } = parseHead(await input.until("\r\n\r\n"));
    if (status < 200) continue;
    const { body, delimited } = await readBody(input, method, status, headers);
    const keep = delimited && !/close/i.test(headers.get("connection") ?? "");
    return { answer: { status, headers, body }, keep };
  }
}

function parseHead(text: string): { status: number; headers: Headers } {
  const [first = "", ...lines] = text.split("\r\n");
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1]);
  if (Number.isNaN(status)) throw new TypeError("Cannot read the answer: it has no status line");
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return { status, headers };
}

async function readBody(input: Input, method: string, status: number, headers: Headers) {
  if (method === "HEAD" || status === 204 || status === 304) {
    return { body: new Uint8Array(), delimited: true };
  }
  if (/chunked/i.test(headers.get("transfer-encoding") ?? "")) {
    const chunks: Uint8Array[] = [];
    for (;;) {
      const size = parseInt(await input.until("\r\n"), 16);
      if (Number.isNaN(size)) throw new TypeError("Cannot read the answer: a chunk has no size");
      chunks.push(await input.take(size));
      await input.until("\r\n");
      if (size === 0) return { body: concat(chunks), delimited: true };
    }
  }
  const length = headers.get("content-length");
  return length === null
    ? { body: await input.rest(), delimited: false }
    : { body: await input.take(Number(length)), delimited: true };
}

/** Bytes of a connection, read as they are needed. */
class Input {
  #bytes = new Uint8Array();
  #seen = false;

  constructor(private readonly connection: Pick<Deno.TcpConn, "read">) {}

  /** Text up to a delimiter, which is dropped. */
  async until(delimiter: string): Promise<string> {
    for (;;) {
      const text = new TextDecoder("latin1").decode(this.#bytes);
      const at = text.indexOf(delimiter);
      if (at !== -1) {
        this.#bytes = this.#bytes.slice(at + delimiter.length);
        return text.slice(0, at);
      }
      await this.#more();
    }
  }

  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    while (this.#bytes.length < length) await this.#more();
    const taken = this.#bytes.slice(0, length);
    this.#bytes = this.#bytes.slice(length);
    return taken;
  }

  async rest(): Promise<Uint8Array<ArrayBuffer>> {
    while (await this.#read());
    return this.#bytes;
  }

  async #more(): Promise<void> {
    if (await this.#read()) return;
    if (!this.#seen) throw new NoAnswer("The connection ended without an answer");
    throw new TypeError("Cannot read the answer: the connection ended within it");
  }

  async #read(): Promise<boolean> {
    const buffer = new Uint8Array(65_536);
    const read = await this.connection.read(buffer);
    if (read === null) return false;
    this.#seen = true;
    this.#bytes = concat([this.#bytes, buffer.subarray(0, read)]);
    return true;
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
