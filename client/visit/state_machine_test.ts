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

/** Every status name of the installed SDK. */
const STATUSES = Object.keys(MeetingSessionStatusCode).filter((key) => Number.isNaN(Number(key)));

/** Applies events one after the other. */
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

/** Asserts what a person and a host need after an event: a screen or progress, and a next step. */
function assertAnswered({ state, screen, ended, error }: Step, what: string): void {
  const { stage } = state;
  if (stage === "failed") ok(error !== undefined && screen !== null, what);
  if (stage === "left" || stage === "ended") ok(ended !== undefined && screen !== null, what);
  if (stage === "joined-elsewhere") equal(screen?.[2], "continueHere", what);
  if (screen === null) {
    const moving = DEADLINES[stage] !== undefined;
    ok(moving || ["lobby", "waiting", "in-call", "on-hold"].includes(stage), what);
  }
}

Deno.test("every status of the SDK leads to a screen with a next step, and to a host event", () => {
  ok(STATUSES.length >= 27, `the SDK's own list: ${STATUSES.length}`);
  for (const name of STATUSES) {
    const before = play([BEGIN, ...simple("sdk"), stop(name)]);
    assertAnswered(before, `${name} before the start`);
    const after = play([...IN_CALL, stop(name, true)]);
    assertAnswered(after, `${name} in the call`);
    notEqual(after.state.stage, "in-call", name);
    if (after.error) equal(after.error, `CALL_FAILED: ${name}`);
    ok(!(after.error && after.ended), `a failure is not the end: ${name}`);
  }
});

/** What each status means; a new status of the SDK has to be added here. */
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

Deno.test("each status of the installed SDK has its expected meaning", () => {
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

Deno.test("a dead meeting before the start is replaced once automatically, then the person decides", () => {
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

Deno.test("before Join nothing connects", () => {
  const lobby = play([BEGIN], firstState(false, true));
  deepEqual([lobby.state.stage, lobby.work], ["lobby", ["load"]]);
  const loaded = play(simple("sdk"), lobby.state);
  deepEqual([loaded.state.stage, loaded.work], ["lobby", []]);
  const joined = play(simple("join"), loaded.state);
  deepEqual([joined.state.stage, joined.work], ["loading", ["load"]]);
  deepEqual(play(simple("sdk"), joined.state).work, ["connect"]);
});

Deno.test("a waiting person who tapped Join needs no second tap, another one does", () => {
  const waiting = play([{ is: "begin", place: false }], firstState(true, true));
  deepEqual([waiting.state.stage, waiting.work], ["waiting", ["ask"]]);
  equal(play(simple("admitted"), waiting.state).state.stage, "lobby");
  const ready = play(simple("join", "admitted", "sdk"), waiting.state);
  deepEqual([ready.state.stage, ready.work], ["connecting", ["connect"]]);
});

Deno.test("an SDK that fails to load does not end the lobby, and Join loads it again", () => {
  const failed: VisitEvent = { is: "sdk-failed", code: "SDK_LOAD_FAILED" };
  const lobby = play([BEGIN, failed], firstState(false, true));
  deepEqual([lobby.state.stage, lobby.error], ["lobby", undefined]);
  const tapped = play([...simple("join"), failed], lobby.state);
  deepEqual([tapped.state.stage, tapped.error], ["failed", "SDK_LOAD_FAILED"]);
  // A file that arrives late needs no tap.
  equal(play(simple("sdk"), tapped.state).state.stage, "connecting");
});

Deno.test("every stage that neither the person nor the server ends has a deadline", () => {
  const moving = STAGES.filter((stage) => DEADLINES[stage] !== undefined);
  deepEqual(moving, ["loading", "connecting", "reconnecting"]);
  for (const stage of moving) {
    for (const started of [false, true]) {
      const late = step({ ...firstState(false, false), stage, started }, { is: "deadline" });
      deepEqual([late.state.stage, late.work], ["failed", ["drop"]]);
      assertAnswered(late, stage);
    }
  }
  // Longer than the SDK's own timeouts, so that its reason comes first.
  ok((DEADLINES.connecting ?? 0) > 15 && (DEADLINES.reconnecting ?? 0) > 120);
});

Deno.test("leaving is possible from every stage, and is reported once", () => {
  for (const stage of STAGES) {
    const left = step({ ...firstState(false, false), stage }, { is: "leave" });
    if (stage === "left" || stage === "ended") deepEqual([left.work, left.ended], [[], undefined]);
    else if (left.work.includes("drop")) equal(left.ended, "USER_LEFT", stage);
    else deepEqual(left.work, ["leave"], stage);
  }
});

Deno.test("`ready` is reported once for each call, however often the network breaks", () => {
  const events = [...IN_CALL, ...simple("reconnecting", "started", "reconnecting", "started")];
  let state = firstState(false, false);
  let said = 0;
  for (const event of events) {
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

Deno.test("a phone call while the page connects puts the visit on hold, too", () => {
  const connecting = play([BEGIN, ...simple("sdk", "hold")]);
  equal(connecting.state.stage, "connecting");
  const started = play(simple("started"), connecting.state);
  deepEqual([started.state.stage, started.ready], ["on-hold", "MEETING_INITIALIZED"]);
});

Deno.test("a reconnected call is a new call: `ready` is reported, and it is not on hold", () => {
  const broken = play([...IN_CALL, ...simple("hold"), stop("AudioDisconnected", true)]);
  const again = play(simple("online", "admitted", "sdk", "started"), broken.state);
  deepEqual([again.state.stage, again.ready], ["in-call", "MEETING_INITIALIZED"]);
  const early = play(simple("online", "admitted", "sdk", "deadline"), broken.state);
  equal(early.error, "INIT_FAILED: JoinTimeout");
});

Deno.test("a network that returns reconnects only a call that it broke", () => {
  const broken = play([...IN_CALL, stop("AudioDisconnected", true)]);
  deepEqual(play(simple("online"), broken.state).work, ["ask"]);
  for (const stage of STAGES) {
    if (stage === "failed") continue;
    deepEqual(step({ ...firstState(false, false), stage }, { is: "online" }).work, [], stage);
  }
  deepEqual(play(simple("unsupported", "online")).work, []);
});

Deno.test("only the server can end a visit", () => {
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

Deno.test("a visit that a provider ended is over on a page that comes back, as in the call", () => {
  const back = play([{ is: "begin", place: false }, { is: "refused", problem: "ended" }]);
  const inCall = play([...IN_CALL, stop("MeetingEnded", true)]);
  deepEqual([back.screen, back.ended], [inCall.screen, inCall.ended]);
  deepEqual(back.work, ["drop"]);
});

Deno.test("events that do not fit the stage change nothing", () => {
  const left = play([...IN_CALL, stop("Left", true)]).state;
  for (const is of ["sdk", "started", "reconnecting", "hold", "resumed", "join", "online"]) {
    equal(step(left, { is } as VisitEvent).state, left, is);
  }
});
