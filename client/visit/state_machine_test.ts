import { deepEqual, equal, notEqual, ok } from "node:assert/strict";
import { MeetingSessionStatusCode } from "amazon-chime-sdk-js";
import {
  DEADLINES,
  firstState,
  type Stage,
  type State,
  type Step,
  step,
  type VisitEvent,
} from "./state_machine.ts";
import { meaningOf } from "../call/stop_reason.ts";
import { STAGES } from "../../tests/support/visit_page.ts";

/** Every status name of the SDK that is installed. */
const STATUSES = Object.keys(MeetingSessionStatusCode).filter((key) => Number.isNaN(Number(key)));

/** Plays events one after the other; `ready` is a page without a lobby. */
function play(events: readonly VisitEvent[], from: State = firstState(false, false)): Step {
  let last: Step = { state: from, work: [], screen: null };
  for (const event of events) last = step(last.state, event);
  return last;
}
const simple = (...names: Exclude<VisitEvent["is"], "begin" | "refused" | "stopped">[]) =>
  names.map((is) => ({ is }) as VisitEvent);
const stop = (name: string, started = false): VisitEvent => ({
  is: "stopped",
  name,
  meaning: meaningOf(name, started),
});
const BEGIN: VisitEvent = { is: "begin", place: true };
const IN_CALL: readonly VisitEvent[] = [BEGIN, ...simple("sdk", "started")];

/** The least a person and a host must have after an event: somewhere to be, and a way on. */
function isAnswered({ state, screen, ended, error }: Step, what: string): void {
  const { stage } = state;
  if (stage === "failed") ok(error !== undefined && screen !== null, what);
  if (stage === "left" || stage === "ended") ok(ended !== undefined && screen !== null, what);
  if (stage === "joined-elsewhere") equal(screen?.[2], "continueHere", what);
  if (screen === null) {
    const moving = DEADLINES[stage] !== undefined;
    ok(moving || ["lobby", "waiting", "in-call", "on-hold"].includes(stage), what);
  }
}

Deno.test("every status of the SDK has a screen, a way on and a word for the host, at any time", () => {
  ok(STATUSES.length >= 27, `the SDK's own list: ${STATUSES.length}`);
  for (const name of STATUSES) {
    const before = play([BEGIN, ...simple("sdk"), stop(name)]);
    isAnswered(before, `${name} before the start`);
    const after = play([...IN_CALL, stop(name, true)]);
    isAnswered(after, `${name} in the call`);
    notEqual(after.state.stage, "in-call", name);
    if (after.error) equal(after.error, `CALL_FAILED: ${name}`);
    ok(!(after.error && after.ended), `a failure is not the end: ${name}`);
  }
});

/** What each status means; a status that a new SDK brings has to be thought about here. */
const MEANINGS: Readonly<Record<keyof typeof MeetingSessionStatusCode, string>> = {
  OK: "failed",
  Left: "left",
  AudioJoinedFromAnotherDevice: "elsewhere",
  AudioAuthenticationRejected: "stale",
  AudioCallAtCapacity: "full",
  MeetingEnded: "ended",
  AudioInternalServerError: "failed",
  AudioServiceUnavailable: "failed",
  AudioDisconnected: "failed",
  VideoCallSwitchToViewOnly: "failed",
  VideoCallAtSourceCapacity: "full",
  SignalingBadRequest: "stale",
  SignalingInternalServerError: "failed",
  SignalingRequestFailed: "failed",
  SignalingChannelClosedUnexpectedly: "failed",
  ICEGatheringTimeoutWorkaround: "failed",
  ConnectionHealthReconnect: "failed",
  RealtimeApiFailed: "failed",
  TaskFailed: "failed",
  IncompatibleSDP: "failed",
  TURNCredentialsForbidden: "stale",
  NoAttendeePresent: "failed",
  AudioAttendeeRemoved: "removed",
  AudioVideoWasRemovedFromPrimaryMeeting: "failed",
  AudioVideoDisconnectedWhilePromoted: "failed",
  AudioDisconnectAudio: "failed",
  EncodedTransformManagerFailed: "failed",
};
const STAGE: Readonly<Record<string, Stage>> = {
  left: "left",
  ended: "ended",
  removed: "ended",
  elsewhere: "joined-elsewhere",
};

Deno.test("each status of the SDK that is installed means what was thought about it", () => {
  deepEqual(STATUSES.sort(), Object.keys(MEANINGS).sort());
  for (const [name, meaning] of Object.entries(MEANINGS)) {
    equal(meaningOf(name, true), meaning, name);
    const { state, screen } = play([...IN_CALL, stop(name, true)]);
    equal(state.stage, STAGE[meaning] ?? "failed", name);
    if (["ended", "removed", "full"].includes(meaning)) equal(screen?.[0], meaning, name);
  }
  const unknown = play([...IN_CALL, stop("toString", true)]);
  deepEqual([unknown.state.stage, unknown.screen?.[2]], ["failed", "retry"]);
});

Deno.test("a dead meeting before the start is replaced once by itself, then the person decides", () => {
  const first = play([BEGIN, ...simple("sdk"), stop("MeetingEnded")]);
  deepEqual([first.state.stage, first.work], ["loading", ["ask"]]);
  const gone = play([BEGIN, ...simple("sdk"), stop("AudioAttendeeRemoved")]);
  deepEqual(gone.work, ["ask"]);
  const second = play(
    [...simple("admitted", "sdk"), stop("MeetingEnded")],
    first.state,
  );
  deepEqual([second.state.stage, second.error], ["failed", "INIT_FAILED: MeetingEnded"]);
});

Deno.test("whoever has not said Join is asked; signalling is warmed and nothing connects", () => {
  const lobby = play([BEGIN], firstState(false, true));
  deepEqual([lobby.state.stage, lobby.work], ["lobby", ["load"]]);
  const warm = play(simple("sdk"), lobby.state);
  deepEqual([warm.state.stage, warm.work], ["lobby", ["warm"]]);
  const joined = play(simple("join"), warm.state);
  deepEqual([joined.state.stage, joined.work], ["loading", ["load"]]);
  deepEqual(play(simple("sdk"), joined.state).work, ["connect"]);
});

Deno.test("a waiting person who said they are ready needs no second tap, another one does", () => {
  const waiting = play([{ is: "begin", place: false }], firstState(true, true));
  deepEqual([waiting.state.stage, waiting.work], ["waiting", ["ask"]]);
  equal(play(simple("admitted"), waiting.state).state.stage, "lobby");
  const ready = play(simple("join", "admitted", "sdk"), waiting.state);
  deepEqual([ready.state.stage, ready.work], ["connecting", ["connect"]]);
});

Deno.test("the lobby bears an SDK that fails; Join asks again and says so", () => {
  const failed: VisitEvent = { is: "sdk-failed", code: "SDK_LOAD_FAILED" };
  const lobby = play([BEGIN, failed], firstState(false, true));
  deepEqual([lobby.state.stage, lobby.error], ["lobby", undefined]);
  const tapped = play([...simple("join"), failed], lobby.state);
  deepEqual([tapped.state.stage, tapped.error], ["failed", "SDK_LOAD_FAILED"]);
  // A file that comes after all needs no tap.
  equal(play(simple("sdk"), tapped.state).state.stage, "connecting");
});

Deno.test("no stage is endless: what neither a person nor the server ends has a deadline", () => {
  const moving = STAGES.filter((stage) => DEADLINES[stage] !== undefined);
  deepEqual(moving, ["loading", "connecting", "reconnecting"]);
  for (const stage of moving) {
    for (const started of [false, true]) {
      const late = step({ ...firstState(false, false), stage, started }, { is: "deadline" });
      deepEqual([late.state.stage, late.work], ["failed", ["drop"]]);
      isAnswered(late, stage);
    }
  }
  // Longer than the SDK's own patience, so that its reason is heard first.
  ok((DEADLINES.connecting ?? 0) > 15 && (DEADLINES.reconnecting ?? 0) > 120);
});

Deno.test("leaving is possible from every stage, and is said once", () => {
  for (const stage of STAGES) {
    const left = step({ ...firstState(false, false), stage }, { is: "leave" });
    if (stage === "left" || stage === "ended") deepEqual([left.work, left.ended], [[], undefined]);
    else if (left.work.includes("drop")) equal(left.ended, "USER_LEFT", stage);
    else deepEqual(left.work, ["leave"], stage);
  }
});

Deno.test("`ready` is said once for a call, however often the network breaks", () => {
  const words = [...IN_CALL, ...simple("reconnecting", "started", "reconnecting", "started")];
  let state = firstState(false, false);
  let said = 0;
  for (const event of words) {
    const next = step(state, event);
    if (next.ready) said++;
    state = next.state;
  }
  deepEqual([said, state.stage], [1, "in-call"]);
});

Deno.test("a phone call puts the visit on hold until it is over, whatever the network does", () => {
  const held = play([...IN_CALL, ...simple("hold")]);
  const stage = (...events: Parameters<typeof simple>) =>
    play(simple(...events), held.state).state.stage;
  equal(held.state.stage, "on-hold");
  equal(stage("resumed"), "in-call");
  equal(stage("reconnecting"), "reconnecting");
  equal(stage("reconnecting", "started"), "on-hold");
  equal(stage("reconnecting", "started", "resumed"), "in-call");
  equal(stage("reconnecting", "resumed", "started"), "in-call");
  deepEqual(play(simple("leave"), held.state).work, ["leave"]);
});

Deno.test("a phone call that comes while the page connects is a hold, too", () => {
  const connecting = play([BEGIN, ...simple("sdk", "hold")]);
  equal(connecting.state.stage, "connecting");
  const started = play(simple("started"), connecting.state);
  deepEqual([started.state.stage, started.ready], ["on-hold", "MEETING_INITIALIZED"]);
});

Deno.test("a call that begins again by itself is a new one: `ready` is said, and nothing is held", () => {
  const broken = play([...IN_CALL, ...simple("hold"), stop("AudioDisconnected", true)]);
  const again = play(simple("online", "admitted", "sdk", "started"), broken.state);
  deepEqual([again.state.stage, again.ready], ["in-call", "MEETING_INITIALIZED"]);
  const early = play(simple("online", "admitted", "sdk", "deadline"), broken.state);
  equal(early.error, "INIT_FAILED: JoinTimeout");
});

Deno.test("a network that returns mends what it broke, and nothing else", () => {
  const broken = play([...IN_CALL, stop("AudioDisconnected", true)]);
  deepEqual(play(simple("online"), broken.state).work, ["ask"]);
  for (const stage of STAGES) {
    if (stage === "failed") continue;
    deepEqual(step({ ...firstState(false, false), stage }, { is: "online" }).work, [], stage);
  }
  deepEqual(play(simple("unsupported", "online")).work, []);
});

Deno.test("only the server's word that a visit is over ends it", () => {
  const refused = (problem: string) =>
    play([{ is: "begin", place: false }, { is: "refused", problem }]);
  for (const problem of ["visit-over", "visit-cancelled", "video-disabled"]) {
    deepEqual([refused(problem).state.stage, refused(problem).ended], ["ended", "MEETING_STOPPED"]);
  }
  for (const problem of ["busy", "network", "unauthenticated", "upstream-unavailable"]) {
    deepEqual(
      [refused(problem).state.stage, refused(problem).error],
      ["failed", `INIT_FAILED: ${problem}`],
    );
  }
});

Deno.test("events that do not fit change nothing", () => {
  const left = play([...IN_CALL, stop("Left", true)]).state;
  for (const is of ["sdk", "started", "reconnecting", "hold", "resumed", "join", "online"]) {
    equal(step(left, { is } as VisitEvent).state, left, is);
  }
});
