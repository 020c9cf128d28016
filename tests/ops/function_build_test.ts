import assert from "node:assert/strict";
import { join } from "node:path";
import { buildFunction, SIZE_BUDGET } from "../../ops/function/build.ts";
import { preparePlatform } from "../support/platform.ts";
import { pathOf } from "../support/project.ts";
import { looseTest } from "../support/sanitizers.ts";
import {
  bearer,
  createVisit,
  logLine,
  openByToken,
  pageData,
  passUrl,
  startTestStack,
} from "../support/visits.ts";

const folder = await Deno.makeTempDir({ prefix: "chime-page-function " });
const built = await buildFunction(folder);
Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

Deno.test("the built function is one module of at most 500 KB that imports only Node's own", () => {
  const bytes = new TextEncoder().encode(built.code).length;
  assert.ok(bytes <= SIZE_BUDGET, `${bytes} bytes`);
  assert.ok(built.imports.includes("node:zlib"));
  const outside = built.imports.filter((name) => !name.startsWith("node:"));
  assert.deepEqual(outside, []);
});

Deno.test("clients that the function does not use are not in the built function", () => {
  const packages = new Set(
    built.parts.filter(({ bytes }) => bytes > 0).map((part) => part.package),
  );
  assert.ok(packages.has("@supabase/postgrest-js"));
  for (const name of ["realtime-js", "storage-js", "functions-js", "auth-js"]) {
    assert.ok(!packages.has(`@supabase/${name}`), name);
  }
});

Deno.test("the built function has the packages of deno.lock, each with its license", async () => {
  const { npm } = JSON.parse(await Deno.readTextFile(pathOf("deno.lock")));
  const listed = [...built.licenses.matchAll(/^(\S+) (\d\S+) \(.+\)$/gm)];
  assert.ok(listed.length > 8);
  for (const [, name, version] of listed) {
    assert.ok(`${name}@${version}` in npm, `${name} ${version}`);
  }
  const packages = new Set(
    built.parts.filter(({ bytes }) => bytes > 0).map((part) => part.package),
  );
  packages.delete("");
  assert.deepEqual(new Set(listed.map(([, name]) => name)), packages);
  for await (const file of Deno.readDir(built.folder)) {
    assert.match(file.name, /^(index\.js|deno\.json|LICENSES\.txt)$/);
  }
});

looseTest("a build elsewhere, in a folder with a space, gives the same bytes", async () => {
  const root = `${folder}/another checkout`;
  await Deno.mkdir(root);
  await copyProject(root);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "ops/function/build.ts", `${folder}/again`],
    cwd: root,
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const again = `${folder}/again/supabase/functions/chime-page`;
  for (const name of ["index.js", "deno.json", "LICENSES.txt"]) {
    assert.equal(
      await Deno.readTextFile(`${again}/${name}`),
      await Deno.readTextFile(join(built.folder, name)),
      name,
    );
  }
});

looseTest(
  "the built file alone, without packages, serves a visit on the platform's Deno",
  async () => {
    const platform = await preparePlatform();
    const alone = `${folder}/alone`;
    await Deno.mkdir(alone);
    await Deno.copyFile(join(built.folder, "index.js"), `${alone}/index.js`);
    const stack = await startTestStack({
      run: {
        deno: platform.deno,
        flags: ["--no-lock", "--no-config", "--no-npm", "--no-remote"],
        worker: platform.worker,
        entry: `${alone}/index.js`,
      },
    });
    try {
      const visit = await createVisit(stack);
      const page = await fetch(await passUrl(visit, visit.provider), {
        headers: { Accept: "text/html", "Accept-Encoding": "br" },
      });
      assert.equal(page.status, 200);
      assert.equal((await logLine(stack, page.headers.get("x-request-id")))["roundTrips"], 3);
      const provider = await pageData(page);
      const patient = await pageData(await openByToken(visit, visit.patient));
      assert.equal(provider.join?.meeting.MeetingId, patient.join?.meeting.MeetingId);
      const session = bearer(provider.api.session);
      assert.equal((await fetch(`${visit.url}/status`, { headers: session })).status, 200);
      const end = await fetch(`${visit.url}/end`, { method: "POST", headers: session });
      assert.equal(end.status, 204);
    } finally {
      await stack.stop();
      await platform.remove();
    }
  },
);

/** Copies what the build reads. */
async function copyProject(root: string): Promise<void> {
  const names = [
    "deno.json",
    "deno.lock",
    "package.json",
    "client",
    "dev",
    "ops",
    "sdk",
    "supabase",
  ];
  for (const name of names) await copy(pathOf(name), `${root}/${name}`);
}

async function copy(from: string, to: string): Promise<void> {
  if ((await Deno.stat(from)).isFile) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) {
    await copy(`${from}/${name}`, `${to}/${name}`);
  }
}
