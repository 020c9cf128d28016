/** The people on the stage: one tile each, with a picture when there is one, and the own picture. */
import type { ClientTextKey } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Texts } from "../i18n/texts.ts";
import { initials } from "../../supabase/functions/chime-page/contract/initials.ts";
import type { AudioVideo, TileState } from "../media/sdk.ts";
import { isScreen, type Stage } from "./stage.ts";

/** The stage and what stands on it. */
export interface Tiles {
  joined(attendeeId: string, name: string): void;
  left(attendeeId: string): void;
  muted(attendeeId: string, muted: boolean): void;
  /** Who speaks now, loudest first. */
  speaking(attendeeIds: readonly string[]): void;
  /** Binds a picture to its tile. `name` is for one that comes before its person's presence. */
  update(audioVideo: AudioVideo, tile: TileState, name: string): void;
  removed(tileId: number): void;
  clear(): void;
}

/** Where tiles go. */
export interface TileDependencies {
  readonly page: Document;
  readonly stage: Stage;
  readonly element: HTMLElement;
  readonly self: HTMLElement;
  readonly selfVideo: HTMLVideoElement;
  readonly texts: Texts;
  /** For screen readers: what just happened to somebody. */
  readonly announce: (text: ClientTextKey, name: string) => void;
  /** The reader's attendee id. */
  readonly own: () => string;
  /** Hears how many others are on the stage. */
  readonly counted: (people: number) => void;
}

function createVideo(page: Document): HTMLVideoElement {
  const video = page.createElement("video");
  video.autoplay = true;
  video.muted = true;
  video.playsInline = true;
  // Attributes too: iOS reads them before the properties.
  video.setAttribute("muted", "");
  video.setAttribute("playsinline", "");
  return video;
}

function createTile(page: Document, owner: string): HTMLElement {
  const tile = page.createElement("div");
  tile.className = "tile";
  tile.setAttribute("role", "group");
  const face = page.createElement("p");
  face.className = "face";
  face.textContent = initials(owner);
  face.setAttribute("aria-hidden", "true");
  const label = page.createElement("p");
  label.className = "name";
  const muted = page.querySelector("#mic .when-off");
  if (muted !== null) label.append(muted.cloneNode(true));
  label.append(page.createElement("bdi"));
  tile.append(face, label);
  return tile;
}

/** Starts with an empty stage. */
export function createTiles(dependencies: TileDependencies): Tiles {
  const { page, stage, texts } = dependencies;
  const { tiles } = stage;
  const owners = new Map<string, string>();
  const bound = new Map<number, string>();
  let ownTile: number | null = null;

  const count = () => {
    // People first: whoever waits to be seen needs the room before it is shared out.
    dependencies.counted([...tiles.keys()].filter((id) => !isScreen(id)).length);
    stage.draw();
  };
  const nameOf = (id: string) => owners.get(id) ?? "";
  /** What a screen reader says of a tile: who, and whether they are muted or speak. */
  const describe = (id: string, tile: HTMLElement) => {
    const name = nameOf(id);
    const is = (state: string) => tile.classList.contains(state);
    const text = isScreen(id)
      ? "screenOf"
      : is("muted")
      ? "tileMuted"
      : is("talking")
      ? "tileTalking"
      : { verbatim: name };
    texts.label(tile, text, { name });
  };
  const tileOf = (id: string, owner: string): HTMLElement => {
    const known = tiles.get(id);
    if (known !== undefined) return known;
    owners.set(id, owner);
    const tile = createTile(page, owner);
    tile.classList.toggle("content", isScreen(id));
    const name = tile.querySelector("bdi") as HTMLElement;
    texts.say(name, isScreen(id) ? "screenOf" : { verbatim: owner }, { name: owner });
    dependencies.element.appendChild(tile);
    tiles.set(id, tile);
    describe(id, tile);
    count();
    return tile;
  };
  const dropTile = (id: string) => {
    tiles.get(id)?.remove();
    if (tiles.delete(id)) count();
  };
  const showOwn = (shown: boolean) => {
    dependencies.self.hidden = !shown;
    stage.draw();
  };

  const bindRemote = (audioVideo: AudioVideo, id: number, owner: string, name: string) => {
    const tile = tileOf(owner, name);
    let video = tile.querySelector("video");
    if (video === null) {
      const created = createVideo(page);
      created.addEventListener("loadeddata", () => tile.classList.add("seen"));
      tile.querySelector(".face")?.after(created);
      video = created;
    }
    bound.set(id, owner);
    audioVideo.bindVideoElement(id, video);
  };

  return {
    joined: (id, name) => void tileOf(id, name),
    left: dropTile,
    muted(id, muted) {
      const tile = tiles.get(id);
      if (tile === undefined || tile.classList.contains("muted") === muted) return;
      tile.classList.toggle("muted", muted);
      describe(id, tile);
      dependencies.announce(muted ? "tileMuted" : "tileUnmuted", nameOf(id));
    },
    speaking(ids) {
      stage.speaking(ids);
      tiles.forEach((tile, id) => describe(id, tile));
    },
    update(audioVideo, state, name) {
      const { tileId, boundAttendeeId, localTile } = state;
      if (tileId === null || !boundAttendeeId) return;
      // The own screen in itself would be a tunnel of mirrors.
      if (boundAttendeeId === `${dependencies.own()}#content`) return;
      if (!localTile) return bindRemote(audioVideo, tileId, boundAttendeeId, name);
      ownTile = tileId;
      // A camera that is switched off keeps its tile, only without a stream. Shown before it is
      // bound: WebKit leaves a video black that was hidden when its stream came.
      showOwn(state.boundVideoStream !== null);
      const facing = state.boundVideoStream?.getVideoTracks()[0]?.getSettings().facingMode;
      dependencies.self.classList.toggle("back", facing === "environment");
      audioVideo.bindVideoElement(tileId, dependencies.selfVideo);
    },
    removed(tileId) {
      if (tileId === ownTile) {
        ownTile = null;
        showOwn(false);
        return;
      }
      const owner = bound.get(tileId);
      if (owner === undefined) return;
      bound.delete(tileId);
      // A person stays with their initials; a shared screen goes.
      if (isScreen(owner)) return dropTile(owner);
      // A newer picture of the same person may already have taken the tile's place.
      if ([...bound.values()].includes(owner)) return;
      const tile = tiles.get(owner);
      tile?.classList.remove("seen");
      tile?.querySelector("video")?.remove();
    },
    clear() {
      ownTile = null;
      bound.clear();
      tiles.forEach((tile) => tile.remove());
      tiles.clear();
      showOwn(false);
      count();
    },
  };
}
