/** Tiles of the people on the stage, and the self view. */
import type { ClientTextKey } from "../../supabase/functions/chime-page/contract/text_keys.ts";
import type { AudioVideo, TileState } from "../media/sdk.ts";
import type { Signal } from "../network/signal.ts";
import { createSelfView, type SelfViewDependencies } from "./self_view.ts";
import { isScreen, type Stage } from "./stage.ts";
import { createTile, labelTile, nameTile, showSignal, showState, videoOf } from "./tile.ts";
import { createVeil } from "./veil.ts";

export interface Tiles {
  /** Also changes the name of somebody who is there already. */
  joined(attendeeId: string, name: string): void;
  left(attendeeId: string): void;
  muted(attendeeId: string, muted: boolean): void;
  /** Shows the connections of everyone who reports theirs, and whose video is paused. */
  signals(signals: readonly Signal[]): void;
  /** The person's connection dropped, or is back. */
  dropped(attendeeId: string, dropped: boolean): void;
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

export interface TileDependencies extends SelfViewDependencies {
  readonly page: Document;
  readonly stage: Stage;
  readonly element: HTMLElement;
  /** Announces a change to screen readers. */
  readonly announce: (text: ClientTextKey, name: string) => void;
  /** Attendee id of this page, in a call. */
  readonly own: () => string | undefined;
  /** Called with the number of other people on the stage. */
  readonly counted: (people: number) => void;
}

export function createTiles(dependencies: TileDependencies): Tiles {
  const { stage, texts } = dependencies;
  const { tiles } = stage;
  const owners = new Map<string, string>();
  const bound = new Map<number, string>();
  const selfView = createSelfView(dependencies);
  let signals: readonly Signal[] = [];

  const count = () => {
    // First, because this changes the size of the stage.
    dependencies.counted([...tiles.keys()].filter((id) => !isScreen(id)).length);
    stage.draw();
  };
  const nameOf = (id: string) => owners.get(id) ?? "";
  const showSignals = () => {
    for (const signal of signals) {
      const tile = tiles.get(signal.id);
      if (tile !== undefined) showSignal(texts, tile, signal);
      else if (signal.id === dependencies.own()) selfView.signal(signal);
    }
  };
  const describe = (id: string, tile: HTMLElement) => labelTile(texts, id, tile, nameOf(id));
  const tileOf = (id: string, owner: string): HTMLElement => {
    const existing = tiles.get(id);
    if (existing !== undefined) return existing;
    owners.set(id, owner);
    const tile = createTile(dependencies.page, texts, id, owner, () => stage.pin(id));
    dependencies.element.appendChild(tile);
    tiles.set(id, tile);
    describe(id, tile);
    showSignals();
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
    joined(id, name) {
      tileOf(id, name);
      for (const [key, tile] of tiles) {
        if (key.split("#")[0] !== id || nameOf(key) === name) continue;
        owners.set(key, name);
        nameTile(texts, key, tile, name);
        describe(key, tile);
      }
    },
    left: dropTile,
    muted(id, muted) {
      const tile = tiles.get(id);
      if (tile === undefined || tile.classList.contains("muted") === muted) return;
      tile.classList.toggle("muted", muted);
      describe(id, tile);
      dependencies.announce(muted ? "tileMuted" : "tileUnmuted", nameOf(id));
    },
    signals(next) {
      signals = next;
      showSignals();
    },
    dropped(id, dropped) {
      const tile = tiles.get(id);
      if (tile === undefined) return;
      tile.classList.toggle("dropped", dropped);
      tile.querySelector(".veil")?.remove();
      if (dropped) {
        tile.append(createVeil(dependencies.page, texts, "dropped", { name: nameOf(id) }));
      }
    },
    pictureStopped(id, stopped) {
      const tile = tiles.get(id);
      if (tile === undefined) return;
      tile.classList.toggle("stopped", stopped);
      showState(texts, tile);
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
      signals = [];
      bound.clear();
      tiles.forEach((tile) => tile.remove());
      tiles.clear();
      selfView.clear();
      count();
    },
  };
}
