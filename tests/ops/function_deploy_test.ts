import assert from "node:assert/strict";
import { startManagementApi } from "../../dev/supabase/management.ts";
import { looseTest } from "../support/sanitizers.ts";
import { pathOf } from "../support/project.ts";
import { nearest, page, url } from "./doctor_setup.ts";

const REF = "abcdefghijklmnopqrst";
const TOKEN = `sbp_${"0".repeat(40)}`;
const FILE = {
  CHIME_SDK_CDN_URL: "https://cdn.example.org",
  AWS_ACCESS_KEY_ID: "key",
  AWS_SECRET_ACCESS_KEY: "secret",
  CHIME_PAGE_PUBLIC_URL: "https://visit.example.org/functions/v1/chime-page",
};

/** Runs `deno task deploy` with the real CLI. */
async function deploy(
  project: Readonly<Record<string, string>>,
  file: Readonly<Record<string, string>>,
  args: readonly string[],
) {
  const api = startManagementApi({ tokens: [TOKEN], projects: [REF], secrets: project });
  const folder = await Deno.makeTempDir({ prefix: "chime-page-deploy-" });
  try {
    const profile = {
      name: "test",
      api_url: api.url,
      dashboard_url: api.url,
      docs_url: api.url,
      project_host: "supabase.test",
    };
    const lines = (values: Record<string, string>, between: string) =>
      Object.entries(values).map(([name, value]) => `${name}${between}${value}\n`).join("");
    await Deno.writeTextFile(`${folder}/profile.yaml`, lines(profile, ": "));
    await Deno.writeTextFile(`${folder}/settings.env`, lines(file, "="));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "ops/function/deploy.ts",
        `--remote=${REF}`,
        `--env-file=${folder}/settings.env`,
        ...args,
      ],
      cwd: pathOf("."),
      env: {
        SUPABASE_PROFILE: `${folder}/profile.yaml`,
        SUPABASE_ACCESS_TOKEN: TOKEN,
        DO_NOT_TRACK: "1",
      },
    }).output();
    const text = new TextDecoder();
    const output = text.decode(stdout) + text.decode(stderr);
    return { ...api, code, output, uploaded: api.functions.get("chime-page") };
  } finally {
    await api.close();
    await Deno.remove(folder, { recursive: true });
  }
}

looseTest("deploy uploads the built function with the real CLI, then runs the doctor", async () => {
  const { code, output, uploaded, requests } = await deploy(FILE, FILE, [
    "--yes",
    url,
    "--",
    "--nearest-region-url",
    `http://127.0.0.1:${nearest.addr.port}`,
  ]);
  assert.equal(code, 0, output);
  assert.match(output, /settings {2}complete\n/);
  assert.match(output, /\nin order/);
  assert.ok(uploaded);
  assert.deepEqual(
    uploaded.files.map(({ name }) => name).sort(),
    ["deno.json", "index.js"].map((name) => `supabase/functions/chime-page/${name}`),
  );
  const { verify_jwt, entrypoint_path } = uploaded.metadata;
  assert.equal(verify_jwt, false);
  assert.equal(entrypoint_path, "supabase/functions/chime-page/index.js");
  assert.deepEqual(requests.filter((one) => !one.startsWith("GET ")), [
    `POST /v1/projects/${REF}/functions/deploy`,
  ]);
});

looseTest(
  "a dry run uploads nothing, and names settings that differ without their values",
  async () => {
    const { code, output, uploaded } = await deploy({ ...FILE, CHIME_REGION: "eu-central-1" }, {
      ...FILE,
      AWS_SECRET_ACCESS_KEY: "another-secret",
    }, ["--dry-run"]);
    assert.equal(code, 0, output);
    assert.match(output, /differ from the file: AWS_SECRET_ACCESS_KEY\n/);
    assert.match(output, /not run .* functions deploy chime-page --remote=abcdefghijklmnopqrst/);
    assert.match(output, /deno task doctor https:\/\/visit\.example\.org/);
    assert.doesNotMatch(output, /another-secret/);
    assert.equal(uploaded, undefined);
  },
);

looseTest("nothing is deployed if a required setting is missing", async () => {
  const { CHIME_SDK_CDN_URL: _, ...project } = FILE;
  const { code, output, uploaded } = await deploy(project, FILE, ["--yes", page.url]);
  assert.equal(code, 1);
  assert.match(output, /FAILED {2}The project lacks settings: CHIME_SDK_CDN_URL\n/);
  assert.equal(uploaded, undefined);
});
