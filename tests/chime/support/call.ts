import {
  type ChimeSDKMeetingsClient,
  CreateAttendeeCommand,
  CreateMeetingCommand,
  type Meeting,
} from "@aws-sdk/client-chime-sdk-meetings";
import type { Browser } from "playwright-core";
import { type Chime, type ChimeOptions, startChime } from "../../../dev/chime/chime.ts";
import { launchBrowser } from "../../support/browser.ts";
import { Caller, TONES } from "./caller.ts";
import { awsClient, CREDENTIALS, meetingInput } from "./control.ts";
import { servePage } from "./page_server.ts";

/** A camera small enough that six of them fit on two cores. */
export const SMALL_CAMERA = [160, 90, 8] as const;

/** A stand-in, a browser, and people who can join one meeting. */
export interface Stage {
  readonly chime: Chime;
  readonly client: ChimeSDKMeetingsClient;
  readonly meeting: Meeting & { MeetingId: string };
  readonly browser: Browser;
  /** Opens a tab and joins; returns once the call has started. */
  enter(name: string, options?: EnterOptions): Promise<Caller>;
  /** The same, but does not wait for the start. */
  knock(name: string, options?: EnterOptions): Promise<Caller>;
  /** The attendee of that name. */
  attendee(name: string): Promise<{ AttendeeId: string; JoinToken: string }>;
}

/** How somebody enters. */
export interface EnterOptions {
  readonly camera?: boolean;
  readonly tone?: number;
}

/** Sets the stage, runs a test on it, clears it. Everything is new for each test. */
export async function onStage(
  run: (stage: Stage) => Promise<void>,
  options: Partial<ChimeOptions> = {},
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const chime = await startChime({ credentials: [CREDENTIALS], ...options });
  stack.defer(() => chime.close());
  const page = await servePage();
  stack.defer(() => page.close());
  const browser = await launchBrowser();
  stack.defer(() => browser.close());
  const client = awsClient(chime.url);
  stack.defer(() => client.destroy());
  const { Meeting } = await client.send(new CreateMeetingCommand(meetingInput()));
  const MeetingId = Meeting?.MeetingId ?? "";
  let tones = 0;

  const attendee = async (ExternalUserId: string) => {
    const made = await client.send(new CreateAttendeeCommand({ MeetingId, ExternalUserId }));
    const { AttendeeId = "", JoinToken = "" } = made.Attendee ?? {};
    return { ...made.Attendee, AttendeeId, JoinToken };
  };
  const knock = async (name: string, { camera = true, tone }: EnterOptions = {}) => {
    const caller = await Caller.open(browser, page.url, tone ?? TONES[tones++ % TONES.length] ?? 0);
    await caller.join({
      meeting: Meeting,
      attendee: await attendee(name),
      ...(camera ? { camera: SMALL_CAMERA } : {}),
    });
    return caller;
  };
  const enter = async (name: string, how: EnterOptions = {}) => {
    const caller = await knock(name, how);
    await caller.until(`${name} started`, (state) => state.started === 1);
    if (how.camera !== false) await caller.cameraOn();
    return caller;
  };
  await run({ chime, client, meeting: { ...Meeting, MeetingId }, browser, enter, knock, attendee });
}
