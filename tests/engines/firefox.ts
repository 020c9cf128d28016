/** An installed Firefox. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { env } from "node:process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { keepRecords } from "../support/visitor.ts";
import { connect, openTab } from "./bidi.ts";
import type { Engine, Permission } from "./engine.ts";
import { startSoundDevice } from "./sound_device.ts";

const EXECUTABLES = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];

/** Debian packages, each with the files of which one must exist. */
export const firefoxNeeds = { "firefox-esr": EXECUTABLES, "pulseaudio": ["/usr/bin/pulseaudio"] };

const PREFERENCES = {
  // A tone and moving colors instead of devices.
  "media.navigator.streams.fake": true,
  "media.autoplay.default": 0,
  // Both ends of the call are on this machine, at its loopback address.
  "media.peerconnection.ice.loopback": true,
  "media.peerconnection.ice.obfuscate_host_addresses": false,
  "intl.accept_languages": "en-GB",
};
const PERMISSIONS = {
  allow: { "media.navigator.permission.disabled": true },
  deny: { "permissions.default.camera": 2, "permissions.default.microphone": 2 },
} as const;

/** Starts the installed Firefox without a window, and a sound device for it. */
export async function startFirefox(permission: Permission = "allow"): Promise<Engine> {
  await using started = new AsyncDisposableStack();
  const sound = started.use(await startSoundDevice());
  const profile = await Deno.makeTempDir();
  started.defer(() => Deno.remove(profile, { recursive: true }));
  const preferences = Object.entries({ ...PREFERENCES, ...PERMISSIONS[permission] })
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`);
  await Deno.writeTextFile(`${profile}/user.js`, preferences.join(""));
  const firefox = spawn(
    EXECUTABLES.find((path) => existsSync(path)) ?? "firefox",
    ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"],
    { env: { ...env, ...sound.environment, HOME: profile }, stdio: ["ignore", "ignore", "pipe"] },
  );
  const ended = once(firefox, "exit");
  started.defer(async () => {
    firefox.kill();
    await ended;
  });
  const bidi = started.adopt(await connect(await addressOf(firefox.stderr)), (one) => one.close());
  await bidi.send("session.new", { capabilities: {} });
  const running = started.move();
  return {
    open: (url) => openTab(bidi, url, keepRecords),
    close: () => running.disposeAsync(),
  };
}

/** Firefox says at which port it listens. */
async function addressOf(output: Readable): Promise<string> {
  for await (const line of createInterface(output)) {
    const address = /WebDriver BiDi listening on (ws:\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    // Nobody reads the rest, and a full pipe would stop Firefox.
    output.resume();
    return address;
  }
  throw new Error("Firefox ended before it listened");
}
