/** What the person sees and touches during and after a call: stage, controls, chat, sheets, rating. */
import type {
  ClientTexts,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import { createAfter } from "./feedback.ts";
import { createCaptions } from "./captions.ts";
import { CHAT_TOPIC, createChat } from "../call/chat.ts";
import { createChatView } from "./chat_panel.ts";
import { type Controls, createControls } from "./controls.ts";
import type { During } from "../media/guard.ts";
import { createMenu, type Menu, type MenuPorts } from "./more.ts";
import { movable } from "./self_view.ts";
import { HOLDING } from "../visit/phases.ts";
import type { Reports } from "../visit/reports.ts";
import type { AudioVideo, Sdk } from "../media/sdk.ts";
import { canShare, createShare, type Share } from "../call/screen_share.ts";
import { createSheet, type Sheet } from "./sheet.ts";
import { createStage } from "./stage.ts";
import type { Telemetry } from "../visit/telemetry.ts";
import { createTiles, type Tiles } from "./tiles.ts";
import { element, type Phase, type View } from "./view.ts";

/** What the surface needs. */
export interface SurfacePorts extends Pick<MenuPorts, "flip" | "saver"> {
  readonly data: VisitPageData;
  readonly texts: ClientTexts;
  /** The sheet with the lines of the menu. */
  readonly more: Sheet;
  /** Run when the page has another language. */
  readonly retell: (() => void)[];
  /** Whether an app or site around the page listens. */
  readonly hosted: boolean;
  readonly reports: Pick<Reports, "route">;
  readonly telemetry: Telemetry;
  readonly view: View;
  /** Who an attendee is: invited, or present as a guest; null for a stranger, who is not heard. */
  readonly nameOf: (attendeeId: string, externalUserId: string) => string | null;
  /** How many others are in the meeting. */
  readonly others: () => number;
  readonly microphone: () => void;
  readonly camera: () => void;
  readonly leave: () => void;
  /** Ends the visit for everybody; answers whether it did. */
  readonly endForAll: () => Promise<boolean>;
  /** How many others are on the stage. */
  readonly counted: (people: number) => void;
}

/** The surface of a visit. */
export interface Surface {
  readonly controls: Controls;
  readonly tiles: Tiles;
  readonly menu: Menu;
  phase(phase: Phase): void;
  /** A session was made: everything here that takes part in it subscribes. */
  opened(audioVideo: AudioVideo, sdk: Sdk, self: string, during: During): void;
  /** Asks a person who may end the visit what they mean; answers whether it asks. */
  asksToLeave(): boolean;
  /** The back button: closes what is open; answers whether anything was. */
  back(): boolean;
}

// Amazon tells that a meeting has ended; if its word is lost, the page still leaves.
const END_PATIENCE_MS = 5_000;

/** Wires what the server rendered. */
export function createSurface(page: Document, ports: SurfacePorts): Surface {
  const { data, telemetry, texts, view } = ports;
  const part = (id: string) => element(page, id);
  let session: AudioVideo | null = null;
  let share: Share | null = null;
  let own = "";
  let hush = () => {};
  let talked = false;
  let ending: ReturnType<typeof setTimeout> | undefined;
  let now: Phase = "loading";

  const app = part("app");
  const stageElement = part("stage");
  const stage = createStage(
    stageElement,
    element<HTMLButtonElement>(page, "rest"),
    part("self"),
  );
  const menu = createMenu(page, ports.more, {
    flip: ports.flip,
    saver: ports.saver,
    large: (large) => stage.large(large),
    share: canShare(navigator.mediaDevices) ? () => void share?.toggle() : null,
    route: ports.hosted ? ports.reports.route : null,
  });
  part("rest").addEventListener("click", () => menu.large(false));
  const tiles = createTiles({
    page,
    stage,
    element: stageElement,
    self: part("self"),
    selfVideo: element<HTMLVideoElement>(page, "self-video"),
    texts,
    own: () => own,
    announce: (text, name) => view.announce(text, name),
    counted(count) {
      menu.people(count);
      ports.counted(count);
    },
  });
  movable(part("self"), part("self-move"));

  const chat = createChat({
    transmit: (text, lifetimeMs) => session?.realtimeSendDataMessage(CHAT_TOPIC, text, lifetimeMs),
    self: data.self.id,
    nameOf: ports.nameOf,
    others: ports.others,
    newId: () => crypto.getRandomValues(new Uint32Array(2)).join("-"),
    later: (run, milliseconds) => void setTimeout(run, milliseconds),
    changed: (fresh) => chatView.update(fresh),
  });
  const controls = createControls(page, texts, {
    microphone: ports.microphone,
    camera: ports.camera,
    chat: () => chatView.toggle(),
  });
  const chatView = createChatView(page, {
    texts,
    chat: () => chat,
    shown: (open, unread) => controls.chat(open, unread),
    announce: (text, name) => view.announce(text, name),
  });
  const leaving = createSheet(part("leave-sheet"), app);
  part("leave-only").addEventListener("click", () => {
    leaving.close();
    ports.leave();
  });
  const endAll = element<HTMLButtonElement>(page, "leave-all");
  endAll.addEventListener("click", () => {
    endAll.disabled = true;
    void ports.endForAll().then((ended) => {
      endAll.disabled = false;
      part("leave-trouble").hidden = ended;
      if (!ended) return;
      leaving.close();
      if (HOLDING.includes(now)) ending = setTimeout(ports.leave, END_PATIENCE_MS);
    });
  });
  part("stop-sharing").addEventListener("click", () => share?.stop());
  const after = createAfter(page, {
    texts,
    rated(rating) {
      telemetry.note("rating", rating);
      telemetry.flush();
    },
  });
  const captions = createCaptions({ area: part("captions"), app, nameOf: ports.nameOf });
  const sharing = (on: boolean) => {
    part("sharing").hidden = !on;
    menu.sharing(on);
  };
  ports.retell.push(tiles.retell);
  const back = () => ports.more.close() || leaving.close() || chatView.close();

  return {
    controls,
    tiles,
    menu,
    back,
    asksToLeave() {
      // The others can only leave; whoever may end it is asked which of the two they mean.
      if (data.self.role !== "provider" || !HOLDING.includes(now)) return false;
      part("leave-trouble").hidden = true;
      leaving.open();
      return true;
    },
    phase(next) {
      const was = HOLDING.includes(now);
      now = next;
      const calling = HOLDING.includes(next);
      controls.shown(calling);
      app.classList.toggle("calling", calling);
      part("call-rows").hidden = !calling;
      // A phone call takes the sound, not the words.
      chat.online(calling && next !== "reconnecting");
      talked = talked || next === "in-call";
      if (!calling && was) {
        back();
        chatView.close();
        // Meant for this call, not for the next one of somebody who goes back in.
        clearTimeout(ending);
        share?.end();
        captions.clear();
      }
      // Else its timer runs on, five times a second, beside the next call's.
      if (!calling && next !== "connecting") hush();
      const over = next === "left" || next === "ended";
      after.show(over && talked);
      talked = talked && !over;
    },
    opened(audioVideo, sdk, self, during) {
      session = audioVideo;
      own = self;
      audioVideo.realtimeSubscribeToReceiveDataMessage(CHAT_TOPIC, during(chat.received));
      const speaking = during((ids: string[]) => {
        part("self").classList.toggle("talking", ids.includes(own));
        tiles.speaking(ids.filter((id) => id !== own));
      });
      audioVideo.subscribeToActiveSpeakerDetector(new sdk.DefaultActiveSpeakerPolicy(), speaking);
      hush = () => audioVideo.unsubscribeFromActiveSpeakerDetector(speaking);
      captions.follow(audioVideo, during);
      share = createShare(audioVideo, sharing, () => view.notice(texts.shareFailed), during);
    },
  };
}
