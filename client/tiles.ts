/** The people on the stage: one tile each, with a picture when there is one, and the own picture. */
import { initials } from "./initials.ts";
import type { AudioVideo, TileState } from "./sdk.ts";

/** The stage and what stands on it. */
export interface Tiles {
  joined(attendeeId: string, name: string): void;
  left(attendeeId: string): void;
  muted(attendeeId: string, muted: boolean): void;
  /** Binds a picture to its tile. `name` is for one that comes before its person's presence. */
  update(audioVideo: AudioVideo, tile: TileState, name: string): void;
  removed(tileId: number): void;
  clear(): void;
}

/** Where tiles go. */
export interface TilePorts {
  readonly stage: HTMLElement;
  readonly self: HTMLElement;
  readonly selfVideo: HTMLVideoElement;
  /** Text for a microphone that is off. */
  readonly mutedText: string;
  /** Hears how many others are on the stage. */
  readonly counted: (people: number) => void;
}

const SVG = "http://www.w3.org/2000/svg";

function mutedIcon(page: Document, label: string): SVGElement {
  const icon = page.createElementNS(SVG, "svg");
  icon.setAttribute("class", "icon");
  icon.setAttribute("role", "img");
  icon.setAttribute("aria-label", label);
  const use = page.createElementNS(SVG, "use");
  use.setAttribute("href", "#i-mic-off");
  icon.appendChild(use);
  return icon;
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

function createTile(page: Document, name: string, mutedText: string): HTMLElement {
  const tile = page.createElement("div");
  tile.className = "tile";
  const face = page.createElement("p");
  face.className = "face";
  face.textContent = initials(name);
  face.setAttribute("aria-hidden", "true");
  const label = page.createElement("p");
  label.className = "name";
  const text = page.createElement("bdi");
  text.textContent = name;
  label.append(mutedIcon(page, mutedText), text);
  tile.append(face, label);
  return tile;
}

/** Starts with an empty stage. */
export function createTiles(ports: TilePorts): Tiles {
  const page = ports.stage.ownerDocument;
  const tiles = new Map<string, HTMLElement>();
  const bound = new Map<number, string>();
  let ownTile: number | null = null;

  const count = () => {
    const shown = tiles.size > 6 ? "many" : String(tiles.size);
    ports.stage.setAttribute("data-count", shown);
    ports.stage.hidden = tiles.size === 0;
    ports.counted([...tiles.keys()].filter((id) => !id.includes("#")).length);
  };
  const tileOf = (id: string, name: string): HTMLElement => {
    const known = tiles.get(id);
    if (known !== undefined) return known;
    const tile = createTile(page, name, ports.mutedText);
    tile.classList.toggle("content", id.includes("#"));
    ports.stage.appendChild(tile);
    tiles.set(id, tile);
    count();
    return tile;
  };
  const dropTile = (id: string) => {
    tiles.get(id)?.remove();
    if (tiles.delete(id)) count();
  };
  const showOwn = (shown: boolean) => ports.self.hidden = !shown;

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
    muted: (id, muted) => void tiles.get(id)?.classList.toggle("muted", muted),
    update(audioVideo, state, name) {
      const { tileId, boundAttendeeId, localTile } = state;
      if (tileId === null || !boundAttendeeId) return;
      if (!localTile) return bindRemote(audioVideo, tileId, boundAttendeeId, name);
      ownTile = tileId;
      // A camera that is switched off keeps its tile, only without a stream. Shown before it is
      // bound: WebKit leaves a video black that was hidden when its stream came.
      showOwn(state.boundVideoStream !== null);
      audioVideo.bindVideoElement(tileId, ports.selfVideo);
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
      if (owner.includes("#")) return dropTile(owner);
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
