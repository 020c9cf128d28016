/** Phases that mean the same to several parts of the page. Pure. */
import type { PageState } from "../bridge/chime-page.d.ts";

/** The call has begun and is not over, however bad the network is. */
export const HOLDING: readonly PageState[] = ["in-call", "reconnecting", "on-hold"];

/** The visit has ended on this page, until somebody begins it again. */
export const OVER: readonly PageState[] = ["left", "ended"];

/** Nothing runs any more: the card alone tells what happened. */
export const STOPPED: readonly PageState[] = [...OVER, "failed", "joined-elsewhere"];
