import { createRandom, type Random } from "../support/random.ts";
import { type Figure, Tally } from "./report.ts";
import { readAnswer, Wire } from "./wire.ts";

/** Concurrent connections. */
const AT_ONCE = 10;
/** Connections that stop in the middle of a body while others are served. */
const SLOW_SENDERS = 20;
/** How long to wait for a response that may never come. */
const PATIENCE_MS = 500;

const ID = "a0000000-0000-4000-8000-000000000001";
const TYPE = "Content-Type: application/x-www-form-urlencoded";

/** What no HTTP client sends. The server may refuse or drop it, and must keep running. */
const MALFORMED = [
  "\r\n\r\n",
  "GET\r\n\r\n",
  "GET /chime-page/health\r\n\r\n",
  "GET /chime-page/health HTTP/9.9\r\nHost: x\r\n\r\n",
  "GET /chime-page/health HTTP/1.1\r\n\r\n",
  "GET /chime-page/ health HTTP/1.1\r\nHost: x\r\n\r\n",
  "GET /chime-page/health HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
  "GET /chime-page/health HTTP/1.1\r\nHost: x\r\nA: b\r\n folded\r\n\r\n",
  "GET /chime-page/health HTTP/1.1\r\nHost: x\r\nA: \x00\x01\r\n\r\n",
  `GET /chime-page/health HTTP/1.1\r\nHost: x\r\nA: ${"a".repeat(200_000)}\r\n\r\n`,
  `GET /chime-page/health HTTP/1.1\r\nHost: x\r\n${"A: b\r\n".repeat(2_000)}\r\n`,
  `GET /chime-page/${"a".repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
  "CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
  "GET http://evil.example/chime-page/health HTTP/1.1\r\nHost: x\r\n\r\n",
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  `POST /chime-page/${ID} HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n`,
  `POST /chime-page/${ID} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
  `POST /chime-page/${ID} HTTP/1.1\r\nHost: x\r\n${TYPE}\r\nContent-Length: 4\r\n` +
  "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\nHost: x\r\n\r\n",
  `POST /chime-page/${ID} HTTP/1.1\r\nHost: x\r\n${TYPE}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
  `POST /chime-page/${ID} HTTP/1.1\r\nHost: x\r\n${TYPE}\r\nContent-Length: 99999999999\r\n\r\na`,
  `POST /chime-page/${ID} HTTP/1.1\r\nHost: x\r\n${TYPE}\r\nExpect: 100-continue\r\n` +
  "Content-Length: 5\r\n\r\n",
  `POST /chime-page/${ID}/events HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n` +
  'Content-Length: 200\r\n\r\n{"session":',
] as const;

/**
 * Malformed requests, connections closed early, and slow bodies. A response of 500 or above is bad, and
 * so is a server that stops serving others meanwhile or afterwards.
 */
export async function breakConnections(
  ports: readonly number[],
  seed: number,
  count: number,
): Promise<Figure> {
  const tally = new Tally("connections that break the server");
  for (let i = 0; i < count; i += AT_ONCE) {
    const port = ports[(i / AT_ONCE) % ports.length] ?? 0;
    const faults = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, j) => odd(createRandom(seed, 1_000_000 + i + j), port)),
    );
    faults.forEach((fault, j) => tally.add(`connection ${i + j}`, fault));
    tally.add(`connection ${i}`, await isUp(port, "after odd connections"));
  }
  for (const port of ports) tally.add("", await sendSlowly(port));
  return tally.figure();
}

/** Sends one malformed request, whole or in part, and waits for a response briefly or not at all. */
async function odd(random: Random, port: number): Promise<string | undefined> {
  const text = random.pick(MALFORMED);
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
  const sent = random.chance(0.3) ? bytes.subarray(0, random.below(bytes.length)) : bytes;
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const close = () => {
    try {
      connection.close();
    } catch {
      // Closed already.
    }
  };
  const timer = setTimeout(close, random.chance(0.5) ? PATIENCE_MS : 0);
  try {
    await connection.write(sent);
    const { answer } = await readAnswer(connection, "GET");
    return answer.status >= 500 ? `${answer.status} to ${text.slice(0, 80)}` : undefined;
  } catch {
    // Dropped without a response, by either side, as a malformed request may be.
    return undefined;
  } finally {
    clearTimeout(timer);
    close();
  }
}

/** Senders that pause in the middle of their bodies: others are served, and finally they are too. */
async function sendSlowly(port: number): Promise<string | undefined> {
  const body = new TextEncoder().encode("session=unknown&pass=unknown");
  const head = `POST /chime-page/${ID} HTTP/1.1\r\nHost: x\r\n${TYPE}\r\n` +
    `Content-Length: ${body.length}\r\n\r\n`;
  const senders = await Promise.all(Array.from({ length: SLOW_SENDERS }, async () => {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(new TextEncoder().encode(head));
    await connection.write(body.subarray(0, 9));
    return connection;
  }));
  try {
    const meanwhile = await isUp(port, "while others send slowly");
    const statuses = await Promise.all(senders.map(async (connection) => {
      await connection.write(body.subarray(9));
      return (await readAnswer(connection, "POST")).answer.status;
    }));
    const wrong = statuses.find((status) => status !== 401);
    return meanwhile ?? (wrong === undefined ? undefined : `${wrong} to a slow sender`);
  } catch (error) {
    return `a slow sender: ${error}`;
  } finally {
    for (const connection of senders) connection.close();
  }
}

async function isUp(port: number, when: string): Promise<string | undefined> {
  const wire = new Wire(port);
  try {
    const { status } = await wire.ask({ method: "GET", target: "/chime-page/health", headers: [] });
    return status === 200 ? undefined : `health ${status} ${when}`;
  } catch (error) {
    return `no health ${when}: ${error}`;
  } finally {
    wire.close();
  }
}
