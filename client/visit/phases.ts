/** Phases that mean the same to several parts of the page. Pure. */
import type { PageState } from "../bridge/chime-page.d.ts";

/** While a call is held: begun, and not over, however bad the network is. */
export const HOLDING: readonly PageState[] = ["in-call", "reconnecting", "on-hold"];
