/** Groups of phases. Pure. */
import type { PageState } from "../bridge/chime-page.d.ts";

/** The call is running, even if it is interrupted. */
export const IN_CALL: readonly PageState[] = ["in-call", "reconnecting", "on-hold"];

/** The visit is over on this page, unless the person rejoins. */
export const OVER: readonly PageState[] = ["left", "ended"];

/** Nothing is running; only the card is shown. */
export const STOPPED: readonly PageState[] = [...OVER, "failed", "joined-elsewhere"];
