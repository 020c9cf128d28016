/** The UI of a call: stage, controls, chat, captions, sheets and feedback. */
import type {
  Person,
  VisitPageData,
} from "../../supabase/functions/chime-page/contract/page_data.ts";
import { type Chat, CHAT_TOPIC, createChat } from "../call/chat.ts";
import { canShare, createShare, type Share } from "../call/screen_share.ts";
import type { Texts } from "../i18n/texts.ts";
import type { During } from "../media/guard.ts";
import type { AudioVideo, Sdk } from "../media/sdk.ts";
import { IN_CALL, OVER } from "../visit/phases.ts";
import type { Reports } from "../visit/reports.ts";
import type { Store, VisitState } from "../visit/store.ts";
import type { Telemetry } from "../visit/telemetry.ts";
import { createCaptions } from "./captions.ts";
import { type ChatView, createChatView } from "./chat_panel.ts";
import { type Controls, createControls } from "./controls.ts";
import { createLeaving, type LeavingDependencies } from "./leaving.ts";
import type { InstalledLobby } from "./lobby_bundle.ts";
import { createMenu, type Menu, type MenuDependencies } from "./more.ts";
import { makeHideable, makeMovable } from "./self_view.ts";
import { createStage, type Stage } from "./stage.ts";
import { createTiles, type Tiles } from "./tiles.ts";
import { element, type View } from "./view.ts";

export interface SurfaceDependencies
  extends
    Pick<MenuDependencies, "flip" | "saver">,
    Pick<LeavingDependencies, "leave" | "endForAll" | "roles"> {
  readonly page: Document;
  readonly data: VisitPageData;
  readonly store: Store;
  readonly texts: Texts;
  readonly lobby: Pick<InstalledLobby, "more" | "timeOfDay" | "feedback" | "createSheet">;
  /** Whether a host app or site listens. */
  readonly hosted: boolean;
  readonly reports: Pick<Reports, "route">;
  readonly telemetry: Telemetry;
  readonly view: View;
  /** Name of an attendee who is invited or in the meeting; null for a stranger. */
  readonly nameOf: (attendeeId: string, externalUserId: string) => string | null;
  /** The person the visit is with. */
  readonly other: Person | undefined;
  readonly microphone: () => void;
  readonly camera: () => void;
}

export interface Surface {
  readonly controls: Controls;
  readonly tiles: Tiles;
  readonly menu: Menu;
  /** Updates the UI after a change of the phase. */
  draw(before: VisitState): void;
  /** Subscribes to a new session. */
  opened(audioVideo: AudioVideo, sdk: Sdk, self: string, during: During): void;
  /** Asks providers whether to leave or to end the visit; returns whether it asks. */
  asksToLeave(): boolean;
  /** The back button: closes whatever is open; returns whether anything was. */
  back(): boolean;
}

/** The session; undefined outside of calls, so that nothing keeps it in memory. */
interface Current {
  session?: {
    readonly audioVideo: AudioVideo;
    readonly share: Share;
    /** Attendee id of this page. */
    readonly self: string;
    readonly stopSpeaking: () => void;
  } | undefined;
}

/** Creates the stage, the tiles and the More sheet, which controls their layout. */
function createTilesAndMenu(dependencies: SurfaceDependencies, current: Current, chat: Chat) {
  const { page, store, texts, view } = dependencies;
  const self = element(page, "self");
  const stageElement = element(page, "stage");
  const stage: Stage = createStage(stageElement, element<HTMLButtonElement>(page, "rest"), self);
  const menu = createMenu(page, dependencies.lobby.more, {
    flip: dependencies.flip,
    saver: dependencies.saver,
    large: stage.large,
    share: canShare(navigator.mediaDevices) ? () => void current.session?.share.toggle() : null,
    route: dependencies.hosted ? dependencies.reports.route : null,
  });
  element(page, "rest").addEventListener("click", () => menu.large(false));
  const tiles = createTiles({
    page,
    stage,
    element: stageElement,
    self,
    texts,
    own: () => current.session?.self,
    announce: view.announce,
    counted(people) {
      menu.people(people);
      chat.people(people);
      store.set({ people });
    },
  });
  makeMovable(self, element(page, "self-move"));
  makeHideable(self, element(page, "self-hide"), element(page, "self-show"), stage.draw);
  return { menu, tiles };
}

/** Creates the controls and the chat that one of them opens. */
function createControlsAndChat(dependencies: SurfaceDependencies, current: Current) {
  const { page, data, other, store, texts } = dependencies;
  const chat: Chat = createChat({
    transmit: (text, lifetimeMs) =>
      current.session?.audioVideo.realtimeSendDataMessage(CHAT_TOPIC, text, lifetimeMs),
    self: data.self.id,
    nameOf: dependencies.nameOf,
    now: () => Date.now(),
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
    chat,
    clock: dependencies.lobby.timeOfDay,
    expected: data.people.length === 2 && other ? other.name : null,
    shown: controls.chat,
    announce: dependencies.view.announce,
  });
  store.follow("language", chatView.updateTimes);
  return { chat, chatView, controls };
}

export function createSurface(dependencies: SurfaceDependencies): Surface {
  const { page, data, store, lobby, view } = dependencies;
  const byId = (id: string) => element(page, id);
  const app = byId("app");
  const current: Current = {};
  let hadCall = false;
  const { chat, chatView, controls } = createControlsAndChat(dependencies, current);
  const { menu, tiles } = createTilesAndMenu(dependencies, current, chat);
  const leaving = createLeaving(page, { ...dependencies, role: data.self.role });
  const captions = createCaptions({ area: byId("captions"), app, nameOf: dependencies.nameOf });
  byId("stop-sharing").addEventListener("click", () => current.session?.share.stop());
  const sharing = (on: boolean) => {
    byId("sharing").hidden = !on;
    menu.sharing(on);
  };
  const back = () => lobby.more.close() || leaving.close() || chatView.close();

  return {
    controls,
    tiles,
    menu,
    back,
    asksToLeave: leaving.ask,
    draw(before) {
      const { phase } = store.now;
      const calling = IN_CALL.includes(phase);
      controls.shown(calling);
      app.classList.toggle("calling", calling);
      byId("call-rows").hidden = !calling;
      // Chat also works while a phone call interrupts the audio.
      chat.online(calling && phase !== "reconnecting");
      hadCall = hadCall || phase === "in-call";
      if (!calling && IN_CALL.includes(before.phase)) {
        back();
        chatView.close();
        leaving.over();
        captions.clear();
      }
      if (!calling && phase !== "connecting") {
        current.session?.share.end();
        // Its timer, five times a second, would otherwise keep running during the next call.
        current.session?.stopSpeaking();
        current.session = undefined;
      }
      const over = OVER.includes(phase);
      lobby.feedback.show(over && hadCall);
      hadCall = hadCall && !over;
    },
    opened(audioVideo, sdk, self, during) {
      audioVideo.realtimeSubscribeToReceiveDataMessage(CHAT_TOPIC, during(chat.received));
      const onSpeakers = during((ids: string[]) => {
        byId("self").classList.toggle("talking", ids.includes(self));
        tiles.speaking(ids.filter((id) => id !== self));
      });
      audioVideo.subscribeToActiveSpeakerDetector(new sdk.DefaultActiveSpeakerPolicy(), onSpeakers);
      captions.follow(audioVideo, during);
      current.session = {
        audioVideo,
        self,
        stopSpeaking: () => audioVideo.unsubscribeFromActiveSpeakerDetector(onSpeakers),
        share: createShare(audioVideo, sharing, () => view.notice("shareFailed"), during),
      };
    },
  };
}
