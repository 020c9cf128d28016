import { startChromium } from "./chromium.ts";
import { testCalls } from "./call_steps.ts";

testCalls("Chromium 131", (permission) => startChromium(131, permission), "allowChrome");
