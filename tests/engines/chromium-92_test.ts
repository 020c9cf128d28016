import { testCalls } from "./call_steps.ts";
import { startChromium } from "./chromium.ts";

testCalls({
  name: "Chromium 92",
  start: (permission) => startChromium(92, permission),
  help: "allowChrome",
});
