import { startChromium } from "./chromium.ts";
import { testCalls } from "./call_steps.ts";

testCalls("Chromium 92", (permission) => startChromium(92, permission), "allowChrome");
