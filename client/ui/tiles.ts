/** Tiles of the people on the stage, and the self view. */
import type { ClientTextKey } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { Texts } from "../i18n/texts.ts";
import { initials } from "../../supabase/functions/chime-page/contract/initials.ts";
import type { AudioVideo, TileState } from "../media/sdk.ts";
import { isScreen, type Stage } from "./stage.ts";

export interface Tiles {
  joined(attendeeId: string, name: string): void;
  left(attendeeId: string): void;
  muted(attendeeId: string, muted: boolean): void;
  /** The picture has stopped although its data arrives, or moves again. */
  pictureStopped(attendeeId: string, stopped: boolean): void;
  /** Whether a picture is on the stage. */
  isShown(attendeeId: string): boolean;
  /** Sets the current speakers, loudest first. */
  speaking(attendeeIds: readonly string[]): void;
  /** Binds a video to its tile. `name` is needed if it arrives before the person's presence. */
  update(audioVideo: AudioVideo, tile: TileState, name: string): void;
  removed(tileId: number): void;
  clear(): void;
}

export interface TileDependencies {
  readonly page: Document;
  readonly stage: Stage;
  readonly element: HTMLElement;
  readonly self: HTMLElement;
  readonly selfVideo: HTMLVideoElement;
  readonly texts: Texts;
  /** Announces a change to screen readers. */
  readonly announce: (text: ClientTextKey, name: string) => void;
  /** Attendee id of this page. */
  readonly own: () => string;
  /** Called with the number of other people on the stage. */
  readonly counted: (people: number) => void;
}

/** Returns the video element of a tile, and creates it if necessary. */
function videoOf(tile: HTMLElement): HTMLVideoElement {
  const existing = tile.querySelector("video");
  if (existing !== null) return existing;
  const video = tile.ownerDocument.createElement("video");
  video.autoplay = true;
  video.muted = true;
  video.playsInline = true;
  // Attributes too, because iOS reads them before the properties.
  video.setAttribute("muted", "");
  video.setAttribute("playsinline", "");
  video.addEventListener("loadeddata", () => tile.classList.add("seen"));
  tile.querySelector(".face")?.after(video);
  return video;
}

function createTile({ page, texts }: TileDependencies, id: string, owner: string): HTMLElement {
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
  const name = page.createElement("bdi");
  texts.say(name, isScreen(id) ? "screenOf" : { verbatim: owner }, { name: owner });
  label.append(name);
  tile.append(face, label);
  tile.classList.toggle("content", isScreen(id));
  return tile;
}

/** Labels a tile for screen readers: the name, and whether the person is muted or speaking. */
function labelTile(texts: Texts, id: string, tile: HTMLElement, name: string): void {
  const hasClass = (state: string) => tile.classList.contains(state);
  const text = isScreen(id)
    ? "screenOf"
    : hasClass("muted")
    ? "tileMuted"
    : hasClass("talking")
    ? "tileTalking"
    : { verbatim: name };
  texts.label(tile, text, { name });
}

/** Shows the person's own video. */
function createSelfView({ self, selfVideo, stage }: TileDependencies) {
  let ownTile: number | null = null;
  const setShown = (shown: boolean) => {
    self.hidden = !shown;
    stage.draw();
  };
  const clear = () => {
    ownTile = null;
    setShown(false);
  };
  return {
    update(audioVideo: AudioVideo, tileId: number, stream: MediaStream | null) {
      ownTile = tileId;
      // A camera that is off keeps its tile, but without a stream. Show the video before binding
      // it: in WebKit, a video stays black if it was hidden when it got its stream.
      setShown(stream !== null);
      const facing = stream?.getVideoTracks()[0]?.getSettings().facingMode;
      self.classList.toggle("back", facing === "environment");
      audioVideo.bindVideoElement(tileId, selfVideo);
    },
    /** Returns whether it was the tile of the self view. */
    removed(tileId: number): boolean {
      if (tileId !== ownTile) return false;
      clear();
      return true;
    },
    clear,
  };
}

export function createTiles(dependencies: TileDependencies): Tiles {
  const { stage, texts } = dependencies;
  const { tiles } = stage;
  const owners = new Map<string, string>();
  const bound = new Map<number, string>();
  const selfView = createSelfView(dependencies);

  const count = () => {
    // First, because this changes the size of the stage.
    dependencies.counted([...tiles.keys()].filter((id) => !isScreen(id)).length);
    stage.draw();
  };
  const nameOf = (id: string) => owners.get(id) ?? "";
  const describe = (id: string, tile: HTMLElement) => labelTile(texts, id, tile, nameOf(id));
  const tileOf = (id: string, owner: string): HTMLElement => {
    const existing = tiles.get(id);
    if (existing !== undefined) return existing;
    owners.set(id, owner);
    const tile = createTile(dependencies, id, owner);
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

  const bindRemote = (audioVideo: AudioVideo, id: number, owner: string, name: string) => {
    const video = videoOf(tileOf(owner, name));
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
    pictureStopped(id, stopped) {
      const tile = tiles.get(id);
      if (tile === undefined) return;
      tile.classList.toggle("stopped", stopped);
      tile.querySelector(".tile-state")?.remove();
      if (!stopped) return;
      const text = dependencies.page.createElement("p");
      text.className = "tile-state";
      text.setAttribute("role", "status");
      texts.say(text, "pictureStopped");
      tile.append(text);
    },
    isShown(id) {
      const tile = tiles.get(id);
      return tile !== undefined && tile.offsetParent !== null;
    },
    speaking(ids) {
      stage.speaking(ids);
      tiles.forEach((tile, id) => describe(id, tile));
    },
    update(audioVideo, state, name) {
      const { tileId, boundAttendeeId, localTile } = state;
      if (tileId === null || !boundAttendeeId) return;
      // Showing the person's own shared screen would repeat it endlessly.
      if (boundAttendeeId === `${dependencies.own()}#content`) return;
      if (!localTile) return bindRemote(audioVideo, tileId, boundAttendeeId, name);
      selfView.update(audioVideo, tileId, state.boundVideoStream);
    },
    removed(tileId) {
      if (selfView.removed(tileId)) return;
      const owner = bound.get(tileId);
      if (owner === undefined) return;
      bound.delete(tileId);
      // People keep their tile with initials; shared screens are removed.
      if (isScreen(owner)) return dropTile(owner);
      // A newer video of the same person may already be bound.
      if ([...bound.values()].includes(owner)) return;
      const tile = tiles.get(owner);
      tile?.classList.remove("seen");
      tile?.querySelector("video")?.remove();
    },
    clear() {
      bound.clear();
      tiles.forEach((tile) => tile.remove());
      tiles.clear();
      selfView.clear();
      count();
    },
  };
}
