import { testCalls } from "./call_steps.ts";
import { startFirefox } from "./firefox.ts";

testCalls({ name: "Firefox", start: startFirefox, help: "allowFirefox" });
