import { startChromium } from "./chromium.ts";
import { testCalls } from "./call_steps.ts";

testCalls("Chromium 106", (permission) => startChromium(106, permission), "allowChrome");
