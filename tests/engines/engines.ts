import { existsSync } from "node:fs";
import { arch, platform } from "node:process";
import { firefoxNeeds } from "./firefox.ts";
import { webKitNeeds } from "./webkit.ts";

/** An engine whose tests are in `tests/engines/<id>_test.ts`. */
export interface EngineChoice {
  readonly id: string;
  readonly name: string;
  /** What this machine lacks to run it; undefined if nothing. */
  readonly missing: string | undefined;
}

const fromNpm = platform === "linux" && arch === "x64" ? undefined : "Linux on x64";
const lacking = (files: Readonly<Record<string, readonly string[]>>) => {
  const packages = Object.entries(files)
    .filter(([, places]) => !places.some((path) => existsSync(path)))
    .map(([name]) => name);
  return packages.length > 0 ? `the Debian packages ${packages.join(", ")}` : undefined;
};

/** The engines besides the one that all other tests run in. */
export const ENGINES: readonly EngineChoice[] = [
  { id: "chromium-92", name: "Chromium 92", missing: fromNpm },
  { id: "chromium-106", name: "Chromium 106", missing: fromNpm },
  { id: "chromium-131", name: "Chromium 131", missing: fromNpm },
  { id: "firefox", name: "Firefox", missing: lacking(firefoxNeeds) },
  { id: "webkit", name: "WebKitGTK, up to the call", missing: lacking(webKitNeeds) },
];
