/** An HTTP response, read to its end. */
export interface TimedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Milliseconds from the request to the last byte. */
  readonly ms: number;
}

const TIMEOUT_MS = 20_000;

/** No response came; the message says why. */
export class NoResponse extends Error {}

/**
 * Sends one request and follows no redirect. Throws {@link NoResponse} where none comes in time; its
 * message holds no query, because a query may hold a pass.
 */
export async function request(url: string, init: RequestInit = {}): Promise<TimedResponse> {
  const began = performance.now();
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...init,
    });
    const { status, headers } = response;
    const text = await response.text();
    return { status, headers, text, ms: performance.now() - began };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    throw new NoResponse(
      name === "TimeoutError" ? `no answer within ${TIMEOUT_MS / 1000} s` : withoutQuery(message),
    );
  }
}

/** A text without the queries of the URLs in it. */
export function withoutQuery(text: string): string {
  return text.replace(/\?[^\s)"']*/g, "");
}
