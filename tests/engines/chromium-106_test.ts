import { testCalls } from "./call_steps.ts";
import { startChromium } from "./chromium.ts";

testCalls({
  name: "Chromium 106",
  start: (permission) => startChromium(106, permission),
  help: "allowChrome",
  // Only without TLS: see docs/engines.md.
  cookies: false,
});
