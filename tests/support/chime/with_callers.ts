import type { ChimeOptions } from "../../../dev/chime/chime.ts";
import type { JoinInfo } from "../../../supabase/functions/chime-page/contract/page_data.ts";
import { launchBrowser } from "../browser.ts";
import { startMeeting, type TestMeeting } from "../meeting.ts";
import { Caller, TONES } from "./caller.ts";
import { servePage } from "./page_server.ts";

/** A camera small enough that six of them fit on two cores. */
const SMALL_CAMERA = [160, 90, 8] as const;

/** A meeting, and people who can join it from a browser. */
export interface CallersTest extends Pick<TestMeeting, "chime" | "client" | "meeting"> {
  /** Opens a tab and joins; returns once the call has started. */
  enter(name: string, options?: EnterOptions): Promise<Caller>;
  /** The same, but does not wait for the start. */
  startEntering(name: string, options?: EnterOptions): Promise<Caller>;
  /** The attendee of that name. */
  attendee(name: string): Promise<JoinInfo["attendee"]>;
}

interface EnterOptions {
  readonly camera?: boolean;
  /** Topic of messages to receive from the start on: stored ones arrive before the call has started. */
  readonly topic?: string;
}

/** Runs a test with a stand-in, a meeting and a browser of its own. */
export async function withCallers(
  run: (test: CallersTest) => Promise<void>,
  options: Partial<ChimeOptions> = {},
): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const { chime, client, meeting, attend, close } = await startMeeting(options);
  stack.defer(close);
  const page = await servePage();
  stack.defer(() => page.close());
  const browser = await launchBrowser();
  stack.defer(() => browser.close());
  let tones = 0;

  const attendee = async (name: string) => (await attend({ id: name })).attendee;
  const startEntering = async (
    name: string,
    { camera = true, ...listening }: EnterOptions = {},
  ) => {
    const caller = await Caller.open(browser, page.url, TONES[tones++ % TONES.length] ?? 0);
    await caller.join({
      meeting,
      attendee: await attendee(name),
      ...(camera ? { camera: SMALL_CAMERA } : {}),
      ...listening,
    });
    return caller;
  };
  const enter = async (name: string, options: EnterOptions = {}) => {
    const caller = await startEntering(name, options);
    await caller.until(`${name} started`, (state) => state.started === 1);
    if (options.camera !== false) await caller.cameraOn();
    return caller;
  };
  await run({ chime, client, meeting, enter, startEntering, attendee });
}
