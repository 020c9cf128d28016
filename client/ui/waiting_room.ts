/**
 * The waiting room: since when a person has been checked in, whether the other person knows, and a
 * sound when the visit starts. Also says in the lobby who is waiting.
 */
import type { Person } from "../../supabase/functions/chime-page/contract/page_data.ts";
import type { ClientTextKey } from "../../supabase/functions/chime-page/contract/text_keys.ts";
import type { Texts } from "../i18n/texts.ts";
import { storage } from "../media/storage.ts";
import type { Tones } from "../media/tones.ts";
import type { Store } from "../visit/store.ts";
import { element } from "./view.ts";
import { timeOfDay } from "./visit_time.ts";

export interface WaitingRoomDependencies {
  readonly page: Document;
  readonly store: Store;
  readonly texts: Texts;
  readonly tones: Tones;
  /** Shows a text in the title of the tab, until the person has seen it. */
  readonly callAttention: (text: ClientTextKey) => void;
  readonly other: Pick<Person, "name"> | undefined;
  /** Key of the time of the check-in in session storage. */
  readonly key: string;
}

/** Calls attention to the start: a sound, a vibration, and a title that another tab shows. */
function announceStart({ tones, callAttention }: WaitingRoomDependencies): void {
  void tones.play("start");
  try {
    navigator.vibrate?.([200, 100, 200]);
  } catch {
    // Not allowed in some frames.
  }
  callAttention("starting");
}

/** @returns a function to call after each change of the phase */
export function createWaitingRoom(dependencies: WaitingRoomDependencies): () => void {
  const { page, store, texts: { say }, other, key } = dependencies;
  const name = other?.name;
  const card = element(page, "card");
  const isWaiting = () => store.now.phase === "waiting" && store.now.ready;

  /** The time of the check-in, which a reload does not change. */
  function checkIn(): string {
    const since = storage("sessionStorage", key) || new Date().toISOString();
    storage("sessionStorage", key, since);
    return since;
  }
  function draw(): void {
    const { language, counterpart, screen, phase } = store.now;
    const waiting = isWaiting();
    card.classList.toggle("checked-in", waiting);
    for (const each of page.querySelectorAll<HTMLElement>(".waiting")) each.hidden = !waiting;
    const whoWaits = page.getElementById("who-waits");
    if (whoWaits) say(whoWaits, phase === "lobby" ? counterpart : null, { name });
    if (!waiting) {
      // Leaving ends the wait; after that, a new one begins.
      if (phase === "left" || phase === "ended") storage("sessionStorage", key, "");
      return;
    }
    say(element(page, "since"), "since", {
      count: timeOfDay(page, Date.parse(checkIn()), language),
    });
    // While the connection is lost, nobody can see the person.
    const told = screen.status === "reconnecting" ? null : counterpart ? "told" : "willSee";
    say(element(page, "told"), name === undefined ? null : told, { name });
  }
  store.follow("counterpart", draw);
  store.follow("language", draw);
  store.follow("phase", ({ phase: before }) => {
    if (before !== "waiting") return;
    if (["loading", "lobby", "connecting"].includes(store.now.phase)) announceStart(dependencies);
  });
  return draw;
}
