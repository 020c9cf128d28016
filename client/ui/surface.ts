/** The call on the screen: stage, controls, chat, captions, sheets, and the question after it. */
import type { VisitPageData } from "../../supabase/functions/chime-page/contract/page_data.ts";
import { type Chat, CHAT_TOPIC, createChat } from "../call/chat.ts";
import { canShare, createShare, type Share } from "../call/screen_share.ts";
import type { Texts } from "../i18n/texts.ts";
import type { During } from "../media/guard.ts";
import type { AudioVideo, Sdk } from "../media/sdk.ts";
import { HOLDING, OVER } from "../visit/phases.ts";
import type { Reports } from "../visit/reports.ts";
import type { Store, VisitState } from "../visit/store.ts";
import type { Telemetry } from "../visit/telemetry.ts";
import { createCaptions } from "./captions.ts";
import { type ChatView, createChatView } from "./chat_panel.ts";
import { type Controls, createControls } from "./controls.ts";
import { createAfter } from "./feedback.ts";
import { createLeaving, type LeavingDependencies } from "./leaving.ts";
import { createMenu, type Menu, type MenuDependencies } from "./more.ts";
import { movable } from "./self_view.ts";
import type { Sheet } from "./sheet.ts";
import { createStage, type Stage } from "./stage.ts";
import { createTiles, type Tiles } from "./tiles.ts";
import { element, type View } from "./view.ts";

/** What the call on the screen needs. */
export interface SurfaceDependencies
  extends
    Pick<MenuDependencies, "flip" | "saver">,
    Pick<LeavingDependencies, "leave" | "endForAll"> {
  readonly page: Document;
  readonly data: VisitPageData;
  readonly store: Store;
  readonly texts: Texts;
  /** The sheet with the further controls. */
  readonly more: Sheet;
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
}

/** The call on the screen. */
export interface Surface {
  readonly controls: Controls;
  readonly tiles: Tiles;
  readonly menu: Menu;
  /** Follows the phase. */
  draw(before: VisitState): void;
  /** A session was made: everything here that takes part in it subscribes. */
  opened(audioVideo: AudioVideo, sdk: Sdk, self: string, during: During): void;
  /** Asks a person who may end the visit what they mean; answers whether it asks. */
  asksToLeave(): boolean;
  /** The back button: closes what is open; answers whether anything was. */
  back(): boolean;
}

/** What belongs to the session that is open. */
interface Opened {
  audioVideo: AudioVideo | null;
  share: Share | null;
  /** The reader's attendee id. */
  self: string;
  stopSpeaking: () => void;
}

/** Stage, tiles and the further controls, which arrange them. */
function createPictures(dependencies: SurfaceDependencies, opened: Opened) {
  const { page, store, texts, view } = dependencies;
  const self = element(page, "self");
  const stageElement = element(page, "stage");
  const stage: Stage = createStage(stageElement, element<HTMLButtonElement>(page, "rest"), self);
  const menu = createMenu(page, dependencies.more, {
    flip: dependencies.flip,
    saver: dependencies.saver,
    large: (large) => stage.large(large),
    share: canShare(navigator.mediaDevices) ? () => void opened.share?.toggle() : null,
    route: dependencies.hosted ? dependencies.reports.route : null,
  });
  element(page, "rest").addEventListener("click", () => menu.large(false));
  const tiles = createTiles({
    page,
    stage,
    element: stageElement,
    self,
    selfVideo: element<HTMLVideoElement>(page, "self-video"),
    texts,
    own: () => opened.self,
    announce: view.announce,
    counted(people) {
      menu.people(people);
      store.set({ people });
    },
  });
  movable(self, element(page, "self-move"));
  return { menu, tiles };
}

/** The bar of controls, and the chat that one of them opens. */
function createControlsAndChat(dependencies: SurfaceDependencies, opened: Opened) {
  const { page, texts } = dependencies;
  const chat: Chat = createChat({
    transmit: (text, lifetimeMs) =>
      opened.audioVideo?.realtimeSendDataMessage(CHAT_TOPIC, text, lifetimeMs),
    self: dependencies.data.self.id,
    nameOf: dependencies.nameOf,
    others: dependencies.others,
    newId: () => crypto.getRandomValues(new Uint32Array(2)).join("-"),
    later: (run, milliseconds) => void setTimeout(run, milliseconds),
    changed: (fresh) => chatView.update(fresh),
  });
  const controls = createControls(page, texts, {
    microphone: dependencies.microphone,
    camera: dependencies.camera,
    chat: () => chatView.toggle(),
  });
  const chatView: ChatView = createChatView(page, {
    texts,
    chat: () => chat,
    shown: controls.chat,
    announce: dependencies.view.announce,
  });
  return { chat, chatView, controls };
}

/** Wires what the server rendered. */
export function createSurface(dependencies: SurfaceDependencies): Surface {
  const { page, data, store, more, telemetry, texts, view } = dependencies;
  const part = (id: string) => element(page, id);
  const app = part("app");
  const opened: Opened = { audioVideo: null, share: null, self: "", stopSpeaking: () => {} };
  let talked = false;
  const { menu, tiles } = createPictures(dependencies, opened);
  const { chat, chatView, controls } = createControlsAndChat(dependencies, opened);
  const leaving = createLeaving(page, { ...dependencies, role: data.self.role });
  const after = createAfter(page, {
    texts,
    rated(rating) {
      telemetry.note("rating", rating);
      telemetry.flush();
    },
  });
  const captions = createCaptions({ area: part("captions"), app, nameOf: dependencies.nameOf });
  part("stop-sharing").addEventListener("click", () => opened.share?.stop());
  const sharing = (on: boolean) => {
    part("sharing").hidden = !on;
    menu.sharing(on);
  };
  const back = () => more.close() || leaving.close() || chatView.close();

  return {
    controls,
    tiles,
    menu,
    back,
    asksToLeave: leaving.ask,
    draw(before) {
      const { phase } = store.now;
      const calling = HOLDING.includes(phase);
      controls.shown(calling);
      app.classList.toggle("calling", calling);
      part("call-rows").hidden = !calling;
      // A phone call takes the sound, not the chat.
      chat.online(calling && phase !== "reconnecting");
      talked = talked || phase === "in-call";
      if (!calling && HOLDING.includes(before.phase)) {
        back();
        chatView.close();
        leaving.over();
        opened.share?.end();
        captions.clear();
      }
      // Else its timer runs on, five times a second, beside the next call's.
      if (!calling && phase !== "connecting") opened.stopSpeaking();
      const over = OVER.includes(phase);
      after.show(over && talked);
      talked = talked && !over;
    },
    opened(audioVideo, sdk, self, during) {
      audioVideo.realtimeSubscribeToReceiveDataMessage(CHAT_TOPIC, during(chat.received));
      const speaking = during((ids: string[]) => {
        part("self").classList.toggle("talking", ids.includes(self));
        tiles.speaking(ids.filter((id) => id !== self));
      });
      audioVideo.subscribeToActiveSpeakerDetector(new sdk.DefaultActiveSpeakerPolicy(), speaking);
      captions.follow(audioVideo, during);
      Object.assign(opened, {
        audioVideo,
        self,
        stopSpeaking: () => audioVideo.unsubscribeFromActiveSpeakerDetector(speaking),
        share: createShare(audioVideo, sharing, () => view.notice("shareFailed"), during),
      });
    },
  };
}
