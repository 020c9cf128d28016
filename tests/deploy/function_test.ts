/** The real CLI deploys this repository's function from its source, and sets its settings. */
import assert from "node:assert/strict";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { pathOf } from "../support/project.ts";
import { preparePlatform } from "../support/platform.ts";
import { looseTest } from "../support/sanitizers.ts";
import { PROJECT, startCli } from "../support/supabase_cli.ts";
import { unpack } from "../support/uploaded_function.ts";
import { createVisit, openByToken, pageData, passUrl, startTestStack } from "../support/visits.ts";

const ROOT = pathOf("");
const folder = await Deno.makeTempDir({ prefix: "chime-page upload " });
const cli = await startCli();
Deno.test.afterAll(async () => {
  await cli.stop();
  await Deno.remove(folder, { recursive: true });
});
const remote = `--remote=${PROJECT}`;

/** The files that the function imports, as paths from the root. */
async function importedFiles(): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "supabase/functions/chime-page/index.ts"],
    cwd: ROOT,
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: readonly { readonly specifier: string }[];
  };
  return modules.filter(({ specifier }) => specifier.startsWith("file:"))
    .map(({ specifier }) => relative(ROOT, fileURLToPath(specifier)));
}

looseTest(
  "the CLI uploads the function's modules and its import map, and nothing else",
  async () => {
    await cli.succeed(ROOT, ["functions", "deploy", "chime-page", remote, "--yes", "--use-api"]);
    const uploaded = cli.api.functions.get("chime-page");
    assert.ok(uploaded);
    const { metadata, files } = uploaded;
    assert.equal(metadata["verify_jwt"], false);
    assert.equal(metadata["entrypoint_path"], "supabase/functions/chime-page/index.ts");
    assert.equal(metadata["import_map_path"], "supabase/functions/chime-page/deno.json");
    const modules = await importedFiles();
    assert.ok(modules.length > 50);
    assert.deepEqual(
      files.map(({ name }) => name).sort(),
      [...modules, "supabase/functions/chime-page/deno.json"].sort(),
    );
    for (const { name } of files) {
      assert.ok(name.startsWith("supabase/functions/"), name);
      assert.doesNotMatch(name, /_test\.|\.env|testing\/|deno\.lock/);
    }
  },
);

looseTest("the uploaded source alone serves a visit on the platform's Deno", async () => {
  const uploaded = cli.api.functions.get("chime-page");
  assert.ok(uploaded);
  const { entry, flags } = await unpack(uploaded, folder);
  const platform = await preparePlatform();
  const stack = await startTestStack({
    run: { deno: platform.deno, worker: platform.worker, entry, flags },
  });
  try {
    const visit = await createVisit(stack);
    const page = await fetch(await passUrl(visit, visit.provider), {
      headers: { Accept: "text/html" },
    });
    assert.equal(page.status, 200);
    const [provider, patient] = [
      await pageData(page),
      await pageData(await openByToken(visit, visit.patient)),
    ];
    assert.equal(provider.join?.meeting.MeetingId, patient.join?.meeting.MeetingId);
  } finally {
    await stack.stop();
    await platform.remove();
  }
});

looseTest("secrets are set from a file and by name, listed without values, and unset", async () => {
  const example = await Deno.readTextFile(pathOf("supabase/functions/.env.example"));
  await Deno.writeTextFile(
    `${folder}/.env`,
    `${example.replaceAll(/^(AWS_\w+)=$/gm, "$1=a-secret-value")}\nSUPABASE_URL=http://mine\n`,
  );
  const given = ["--env-file", ".env", remote, "--yes"];
  assert.match(await cli.succeed(folder, ["secrets", "set", ...given]), /skipping: SUPABASE_URL/);
  const set = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name = ""]) => name);
  assert.deepEqual([...cli.api.secrets.keys()].sort(), set.sort());
  assert.equal(cli.api.secrets.get("AWS_SECRET_ACCESS_KEY"), "a-secret-value");
  await cli.succeed(folder, ["secrets", "set", "CHIME_PAGE_LOBBY=off", remote, "--yes"]);
  assert.equal(cli.api.secrets.get("CHIME_PAGE_LOBBY"), "off");
  const listed = await cli.succeed(folder, ["secrets", "list", remote]);
  for (const name of [...set, "CHIME_PAGE_LOBBY"]) assert.ok(listed.includes(name), name);
  assert.doesNotMatch(listed, /a-secret-value/);
  await cli.succeed(folder, ["secrets", "unset", "CHIME_PAGE_LOBBY", remote, "--yes"]);
  assert.equal(cli.api.secrets.has("CHIME_PAGE_LOBBY"), false);
});

looseTest(
  "nothing is set or deployed without a yes, a known token or a known project",
  async () => {
    const before = [cli.api.functions.get("chime-page")?.version, cli.api.secrets.size];
    const set = ["secrets", "set", "CHIME_PAGE_LOBBY=off"];
    const deploy = ["functions", "deploy", "chime-page", "--use-api"];
    const refused = async (args: readonly string[], env?: Record<string, string>) => {
      const { code, text } = await cli.run(ROOT, args, env);
      assert.notEqual(code, 0, text);
    };
    for (const command of [set, deploy]) {
      await refused([...command, remote]);
      await refused([...command, "--remote=zzzzzzzzzzzzzzzzzzzz", "--yes"]);
      await refused([...command, remote, "--yes"], {
        SUPABASE_ACCESS_TOKEN: `sbp_${"f".repeat(40)}`,
      });
    }
    assert.deepEqual([cli.api.functions.get("chime-page")?.version, cli.api.secrets.size], before);
  },
);
