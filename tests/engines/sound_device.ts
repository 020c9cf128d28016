/** A sound device that plays to nobody. Without one, Firefox's audio contexts never start. */
import { existsSync } from "node:fs";
import { until } from "../support/patience.ts";

/** A running sound server. */
export interface SoundDevice extends AsyncDisposable {
  /** Environment variables for programs that play to it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Starts PulseAudio of its own, with a sink that discards what it gets. */
export async function startSoundDevice(): Promise<SoundDevice> {
  const folder = await Deno.makeTempDir();
  const socket = `${folder}/server.socket`;
  const server = new Deno.Command("pulseaudio", {
    args: [
      "--daemonize=no",
      "--use-pid-file=no",
      "--exit-idle-time=-1",
      "-n",
      "--load=module-null-sink",
      `--load=module-native-protocol-unix socket=${socket} auth-anonymous=1`,
    ],
    env: { HOME: folder, XDG_RUNTIME_DIR: folder },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const close = async () => {
    server.kill();
    await server.status;
    await Deno.remove(folder, { recursive: true });
  };
  await until("PulseAudio's socket", () => existsSync(socket)).catch(async (error) => {
    await close();
    throw error;
  });
  return { environment: { PULSE_SERVER: `unix:${socket}` }, [Symbol.asyncDispose]: close };
}
