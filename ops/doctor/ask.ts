/** What came back from one request. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** To the last byte, in milliseconds. */
  readonly ms: number;
}

const TIMEOUT_MS = 20_000;

/** No answer came at all. `found` says why. */
export class Silence extends Error {}

/** One request, timed. Throws {@link Silence} where nothing answers. */
export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const began = performance.now();
  try {
    const answer = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...init,
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, ms: performance.now() - began };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    throw new Silence(
      name === "TimeoutError" ? `no answer within ${TIMEOUT_MS / 1000} s` : withoutQuery(message),
    );
  }
}

/** An address without its query, which may hold a pass. */
export function withoutQuery(text: string): string {
  return text.replace(/\?[^\s)"']*/g, "");
}
