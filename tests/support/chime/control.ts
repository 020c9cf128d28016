import { ChimeSDKMeetingsClient } from "@aws-sdk/client-chime-sdk-meetings";
import assert from "node:assert/strict";
import { type Chime, type ChimeOptions, startChime } from "../../../dev/chime/chime.ts";

/** The key pair that the stand-in of a test knows. */
export const CREDENTIALS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example-secret" };

/** Parameters of a valid CreateMeeting, with a token of its own each time. */
export function meetingInput<T extends Record<string, unknown>>(more?: T) {
  return {
    ClientRequestToken: crypto.randomUUID(),
    ExternalMeetingId: "visit-1",
    MediaRegion: "eu-central-1",
    ...more,
  };
}

/** The real AWS client for a stand-in, without retries, so that tests see each response. */
export function awsClient(url: string, more: Record<string, unknown> = {}): ChimeSDKMeetingsClient {
  return new ChimeSDKMeetingsClient({
    endpoint: url,
    region: "eu-central-1",
    credentials: CREDENTIALS,
    maxAttempts: 1,
    ...more,
  });
}

/** Runs a test against a stand-in of its own. */
export async function withChime(
  run: (chime: Chime, client: ChimeSDKMeetingsClient) => Promise<void>,
  options: Partial<ChimeOptions> = {},
): Promise<void> {
  const chime = await startChime({ credentials: [CREDENTIALS], ...options });
  const client = awsClient(chime.url);
  try {
    await run(chime, client);
  } finally {
    client.destroy();
    await chime.close();
  }
}

/** Asserts that a call is refused with this error of AWS's, and this HTTP status. */
export async function assertRefused(
  call: Promise<unknown>,
  name: string,
  status: number,
): Promise<void> {
  await assert.rejects(call, (error: unknown) => {
    assert.ok(error instanceof Error);
    assert.equal(error.name, name, error.message);
    const metadata = (error as { $metadata?: { httpStatusCode?: number } }).$metadata;
    assert.equal(metadata?.httpStatusCode, status);
    return true;
  });
}

/** A clock that moves only when a test advances it. */
export class TestClock {
  #now = 1_800_000_000_000;
  readonly read = (): number => this.#now;
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
