import { testCalls } from "./call_steps.ts";
import { startChromium } from "./chromium.ts";

testCalls({
  name: "Chromium 131",
  start: (permission) => startChromium(131, permission),
  help: "allowChrome",
});
