/**
 * The call's part of the client: everything that only a call needs. It travels in a file of its own
 * beside the SDK, so that the document itself is small, and is kept by the browser for good.
 */
import type { JoinInfo } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { createSound } from "../media/audio_output.ts";
import { type Call, type CallEvents, startCall } from "../call/call.ts";
import { createCallReports } from "../visit/call_reports.ts";
import type { DeviceTrouble, Troubles } from "../media/device_error.ts";
import type { Host } from "../bridge/events.ts";
import { createLink } from "./network_status.ts";
import { HOLDING } from "../visit/phases.ts";
import type { ParcelPorts, Unpacked } from "./in_call_bundle.ts";
import type { Reports } from "../visit/reports.ts";
import type { AudioVideo, Sdk, TileState } from "../media/sdk.ts";
import { openSession, type Session } from "../call/session.ts";
import { createSurface } from "./surface.ts";
import { element, type Phase } from "./view.ts";
import type { Wish } from "../media/wish.ts";

const REFUSED = ["microphoneRefused", "cameraRefused"] as const;

/** What the call's part takes from the document's. */
export interface CallPartPorts extends ParcelPorts {
  readonly sdk: Sdk;
  readonly wish: Wish;
  readonly host: Host;
  /** Whether an app or site around the page listens. */
  readonly hosted: boolean;
  /** Whether the screen is large enough for a large picture. */
  readonly wide: boolean;
  readonly reports: Reports;
  readonly trouble: Troubles;
  readonly leave: () => void;
  /** Ends the visit for everybody; answers whether it did. */
  readonly endForAll: () => Promise<boolean>;
  /** How many others are on the stage. */
  readonly counted: (people: number) => void;
}

/** What the flow of the visit hears of a call. */
export type FlowEvents = Pick<
  CallEvents,
  "started" | "reconnecting" | "held" | "resumed" | "stopped" | "fault"
>;

/** What one call is started with. */
export interface CallStart {
  readonly session: Session;
  readonly events: FlowEvents;
  readonly promptPatienceMs: number;
}

/** The part of the page that holds calls. */
export interface CallPart {
  /** Makes a session; nothing is connected. */
  open(place: JoinInfo): Session;
  start(start: CallStart): Call;
  phase(phase: Phase): void;
  /** Tries to make the others heard, e.g. after sleep. */
  listen(): void;
  /** Asks a person who may end the visit what they mean; answers whether it asks. */
  asksToLeave(): boolean;
  /** The back button: closes what is open; answers whether anything was. */
  back(): boolean;
}

/** What the call's file hands to the document. */
export interface CallFile {
  /** Puts what the file brings into the page; the same answer however often it is asked. */
  readonly unpack: (ports: ParcelPorts) => Unpacked;
  readonly createCallPart: (ports: CallPartPorts) => CallPart;
}

/** Wires what stands in the document by then; `texts` are all of the client's. */
export function createCallPart(
  ports: CallPartPorts & Pick<Unpacked, "texts" | "more" | "retell">,
): CallPart {
  const { page, data, devices, telemetry, texts, view, wish } = ports;
  const reports = createCallReports(ports.host, ports.reports.once);
  const personOf = (id: string) => data.people.find((person) => person.id === id);
  const nameOf = (id: string) => personOf(id)?.name ?? texts.guest;
  const whyNot = (trouble: DeviceTrouble, device: 0 | 1) =>
    texts[(trouble === "refused" ? REFUSED : ports.trouble[trouble])[device]];
  // Everybody else in the meeting, by attendee id.
  const names = new Map<string, string>();
  // Pictures of people who are not known to be there: of a stranger, or a moment too early.
  const early = new Map<number, readonly [AudioVideo, TileState]>();
  /** Amazon vouches for both ids. Who has left again is known by the invitation. */
  const known = (attendeeId: string, externalUserId: string) =>
    personOf(externalUserId)?.name ?? names.get(attendeeId) ?? null;
  const hear = element<HTMLButtonElement>(page, "hear");
  const restore = element<HTMLButtonElement>(page, "restore");
  const audio = element<HTMLAudioElement>(page, "audio");
  const sound = createSound(audio, hear);
  const listen = () => void sound.play();
  let call: Call | null = null;
  let now: Phase = "loading";
  let troubles: { readonly [device in "microphone" | "camera"]?: string } = {};
  /** Says a change only: another notice may stand there. Who is not heard needs to know that first. */
  function explain(device: keyof typeof troubles, text?: string): void {
    if (troubles[device] === text) return;
    troubles = { ...troubles, [device]: text };
    view.notice(troubles.microphone ?? troubles.camera ?? null);
  }
  function show(audioVideo: AudioVideo, tile: TileState): void {
    const { tileId, boundAttendeeId, boundExternalUserId, localTile } = tile;
    if (!boundAttendeeId) return;
    // A shared screen is its person's.
    const [owner = ""] = boundAttendeeId.split("#");
    const name = known(owner, boundExternalUserId ?? "");
    if (localTile || name !== null) tiles.update(audioVideo, tile, name ?? "");
    else if (tileId !== null) early.set(tileId, [audioVideo, tile]);
  }

  const surface = createSurface(page, {
    ...ports,
    nameOf: known,
    others: () => names.size,
    microphone: () => call?.microphone.toggle(),
    camera: () => void call?.camera.toggle(),
    flip: () => void call?.camera.flip(),
    saver: (on) => link.use(on ? "saver" : "video"),
  });
  const { controls, tiles } = surface;
  const link = createLink({
    page,
    texts,
    view,
    telemetry,
    wide: ports.wide,
    wish,
    nameOf,
    report: (quality) => ports.reports.network(quality),
    saved: (on) => surface.menu.saver(on),
  });
  // Events of media do not bubble; the first picture of somebody else is when the visit begins to count.
  element(page, "stage").addEventListener(
    "loadeddata",
    () => telemetry.note("first-frame"),
    { capture: true, once: true },
  );
  restore.addEventListener("click", () => {
    void call?.restore();
    listen();
  });

  const events: Omit<CallEvents, keyof FlowEvents> = {
    microphone(state, trouble) {
      controls.microphone(state);
      reports.device("microphone", state, trouble);
      if (state === "busy") explain("microphone", texts.microphoneWaiting);
      else explain("microphone", trouble && whyNot(trouble, 0));
      telemetry.note("microphone", { state, trouble: trouble ?? "" });
    },
    camera(state, trouble) {
      controls.camera(state);
      surface.menu.camera(state === "on");
      reports.device("camera", state, trouble);
      // Whoever wants to be seen takes more than the sound.
      surface.menu.saver(wish.use !== "video");
      explain("camera", trouble && whyNot(trouble, 1));
      telemetry.note("camera", { state, trouble: trouble ?? "" });
    },
    roster: {
      joined(id, externalUserId) {
        const name = nameOf(externalUserId);
        names.set(id, name);
        tiles.joined(id, name);
        for (const [tileId, picture] of [...early]) {
          early.delete(tileId);
          show(...picture);
        }
        reports.joined(id, personOf(externalUserId)?.role ?? "guest");
        view.announce(texts.joined, name);
        listen();
      },
      left(id) {
        tiles.left(id);
        reports.left(id);
        view.announce(texts.gone, names.get(id) ?? texts.guest);
        names.delete(id);
      },
      muted: (id, muted) => tiles.muted(id, muted),
    },
    tileUpdated: show,
    network: link.events,
    tileRemoved(tileId) {
      early.delete(tileId);
      tiles.removed(tileId);
    },
    opened(...session) {
      names.clear();
      early.clear();
      surface.opened(...session);
    },
  };

  return {
    open: (place) => openSession(ports.sdk, place),
    start(start) {
      link.begin();
      return call = startCall({
        sdk: ports.sdk,
        devices,
        limits: link.limits,
        audio,
        wish,
        ...start,
        events: { ...events, ...start.events },
      });
    },
    phase(phase) {
      now = phase;
      restore.hidden = phase !== "on-hold";
      surface.phase(phase);
      if (phase === "in-call") listen();
      if (!HOLDING.includes(phase)) reports.over();
      if (!HOLDING.includes(phase) && phase !== "connecting") {
        tiles.clear();
        view.notice(null);
        troubles = {};
        hear.hidden = true;
      }
      link.phase(phase);
    },
    listen() {
      call?.check();
      if (now === "in-call") listen();
    },
    asksToLeave: surface.asksToLeave,
    back: surface.back,
  };
}
