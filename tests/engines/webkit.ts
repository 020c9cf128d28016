/** An installed WebKitGTK, driven by W3C WebDriver. Its builds for Debian have no WebRTC. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { env } from "node:process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { until } from "../support/patience.ts";
import { type EnginePage, placeOf, sourceOf } from "./engine.ts";

const DRIVER = "/usr/bin/WebKitWebDriver";
const BROWSER = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
const DISPLAY_SERVER = "/usr/bin/Xvfb";

/** Debian packages, each with the files of which one must exist. */
export const webKitNeeds = {
  "webkit2gtk-driver": [DRIVER],
  "libwebkit2gtk-4.1-0": [BROWSER],
  xvfb: [DISPLAY_SERVER],
};

/** A page in a browser of its own. */
export interface WebKitPage extends EnginePage {
  goto(url: string): Promise<void>;
}

const ENVIRONMENT = {
  GDK_BACKEND: "x11",
  WEBKIT_DISABLE_DMABUF_RENDERER: "1",
  // WebKit's sandbox refuses to start for root and in containers.
  WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
};

/** Starts the installed WebKitGTK on a screen of its own. */
export async function startWebKit(): Promise<WebKitPage> {
  await using started = new AsyncDisposableStack();
  const run = (program: string, args: readonly string[], environment = {}) => {
    const child = spawn(program, args, {
      env: { ...env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = once(child, "exit");
    started.defer(async () => {
      child.kill();
      await ended;
    });
    child.stderr.resume();
    return child;
  };
  const screen = run(DISPLAY_SERVER, ["-displayfd", "1", "-screen", "0", "1280x900x24"]);
  const display = await firstLine(screen.stdout);
  const port = freePort();
  const driver = run(DRIVER, [`--port=${port}`], { ...ENVIRONMENT, DISPLAY: `:${display}` });
  const complaints: string[] = [];
  // MiniBrowser writes the console to its output, which is the driver's.
  createInterface(driver.stdout).on("line", (line) => {
    if (/\bERROR\b/.test(line)) complaints.push(line);
  });
  const root = `http://127.0.0.1:${port}`;
  await until("WebKitWebDriver", () => fetch(`${root}/status`).then(({ ok }) => ok, () => false));
  const { sessionId } = await command<Session>(`${root}/session`, {
    capabilities: {
      alwaysMatch: { "webkitgtk:browserOptions": { binary: BROWSER, args: ARGUMENTS } },
    },
  });
  const session = `${root}/session/${sessionId}`;
  await command(`${session}/window/rect`, { width: 420, height: 760 });
  const running = started.move();
  return webKitPage(session, complaints, async () => {
    await fetch(session, { method: "DELETE" });
    await running.disposeAsync();
  });
}

const ARGUMENTS = [
  "--automation",
  "--enable-media-stream=true",
  "--enable-mock-capture-devices=true",
  "--enable-write-console-messages-to-stdout=true",
];

interface Session {
  readonly sessionId: string;
}

function webKitPage(
  session: string,
  complaints: readonly string[],
  close: () => Promise<void>,
): WebKitPage {
  const evaluate = async (read: unknown, value?: unknown) => {
    // Not `execute/sync`: it does not wait for a promise.
    const script = `const done = arguments[0];
      ${
      sourceOf(read, value)
    }.then((text) => done({ text }), (error) => done({ error: \`\${error}\` }));`;
    const { text, error } = await command<{ text?: string; error?: string }>(
      `${session}/execute/async`,
      { script, args: [] },
    );
    if (error !== undefined) throw new Error(error);
    return text === undefined ? undefined : JSON.parse(text);
  };
  const perform = (type: "pointer" | "key", actions: readonly unknown[]) =>
    command(`${session}/actions`, { actions: [{ type, id: type, actions }] });
  return {
    complaints,
    evaluate,
    async goto(url) {
      await command(`${session}/url`, { url });
    },
    async press(selector) {
      const { x, y } = await placeOf({ evaluate }, selector);
      await perform("pointer", [
        { type: "pointerMove", x: Math.round(x), y: Math.round(y) },
        { type: "pointerDown", button: 0 },
        { type: "pointerUp", button: 0 },
      ]);
    },
    async enter(text) {
      const keys = [...text, "\uE007"].flatMap((value) => [
        { type: "keyDown", value },
        { type: "keyUp", value },
      ]);
      await perform("key", keys);
    },
    async reload() {
      await command(`${session}/refresh`, {});
    },
    close,
  };
}

/** Sends a command; without parameters it is a question. */
async function command<Value>(url: string, parameters?: unknown): Promise<Value> {
  const answer = await fetch(
    url,
    parameters === undefined ? {} : { method: "POST", body: JSON.stringify(parameters) },
  );
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${url}: ${value.error}: ${value.message}`);
  return value;
}

async function firstLine(output: Readable): Promise<string> {
  for await (const line of createInterface(output)) return line;
  throw new Error("The screen ended before it was ready");
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}
