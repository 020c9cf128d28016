import { testCalls } from "./call_steps.ts";
import { startFirefox } from "./firefox.ts";

testCalls("Firefox", startFirefox, "allowFirefox");
