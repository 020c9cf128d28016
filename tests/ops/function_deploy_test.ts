import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { looseTest } from "../support/sanitizers.ts";
import { pathOf } from "../support/project.ts";
import { withServer } from "../support/with_server.ts";
import { nearest, page, url } from "./doctor_setup.ts";

const REF = "abcdefghijklmnopqrst";
const FILE = {
  CHIME_SDK_CDN_URL: "https://cdn.example.org",
  AWS_ACCESS_KEY_ID: "key",
  AWS_SECRET_ACCESS_KEY: "secret",
  CHIME_PAGE_PUBLIC_URL: "https://visit.example.org/functions/v1/chime-page",
};

/** The part of the Management API that a deployment uses. */
function managementApi(settings: Readonly<Record<string, string>>) {
  const requests: string[] = [];
  const uploads: FormData[] = [];
  const handler = async (request: Request) => {
    const { pathname } = new URL(request.url);
    requests.push(`${request.method} ${pathname}`);
    assert.match(request.headers.get("authorization") ?? "", /^Bearer sbp_[0-9a-f]{40}$/);
    switch (`${request.method} ${pathname.replace(`/v1/projects/${REF}`, "")}`) {
      case "GET ":
        return Response.json({
          id: REF,
          ref: REF,
          name: "clinic",
          organization_id: "clinic",
          organization_slug: "clinic",
          region: "eu-central-1",
          created_at: "2026-11-01T08:00:00Z",
          status: "ACTIVE_HEALTHY",
          database: {
            host: "db.example.org",
            version: "17.6",
            postgres_engine: "17",
            release_channel: "ga",
          },
        });
      case "GET /secrets":
        return Response.json(
          Object.entries(settings).map(([name, value]) => ({
            name,
            value: createHash("sha256").update(value).digest("hex"),
          })),
        );
      case "POST /functions/deploy":
        uploads.push(await request.formData());
        return Response.json({
          id: "1",
          slug: "chime-page",
          name: "chime-page",
          status: "ACTIVE",
          version: 1,
          created_at: 1,
          updated_at: 1,
          verify_jwt: false,
        }, { status: 201 });
    }
    return Response.json({ message: "Not found" }, { status: 404 });
  };
  return { handler, requests, uploads };
}

/** Runs `deno task deploy` with the real CLI. */
async function deploy(
  project: Readonly<Record<string, string>>,
  file: Readonly<Record<string, string>>,
  args: readonly string[],
) {
  const api = managementApi(project);
  const folder = await Deno.makeTempDir({ prefix: "chime-page-deploy-" });
  try {
    return await withServer(api.handler, async (port) => {
      const address = `http://127.0.0.1:${port}`;
      const profile = {
        name: "test",
        api_url: address,
        dashboard_url: address,
        docs_url: address,
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
          SUPABASE_ACCESS_TOKEN: `sbp_${"0".repeat(40)}`,
          DO_NOT_TRACK: "1",
        },
      }).output();
      const text = new TextDecoder();
      return { ...api, code, output: text.decode(stdout) + text.decode(stderr) };
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

looseTest("deploy uploads the built function with the real CLI, then runs the doctor", async () => {
  const { code, output, uploads, requests } = await deploy(FILE, FILE, [
    "--yes",
    url,
    "--",
    "--nearest-region-url",
    `http://127.0.0.1:${nearest.addr.port}`,
  ]);
  assert.equal(code, 0, output);
  assert.match(output, /settings {2}complete\n/);
  assert.match(output, /\nin order/);
  const [form] = uploads;
  const files = form?.getAll("file").filter((one) => one instanceof File) ?? [];
  assert.deepEqual(
    files.map(({ name }) => name).sort(),
    ["deno.json", "index.js"].map((name) => `supabase/functions/chime-page/${name}`),
  );
  const metadata = form?.get("metadata");
  const { verify_jwt, entrypoint_path } = JSON.parse(
    typeof metadata === "string" ? metadata : await metadata?.text() ?? "{}",
  );
  assert.equal(verify_jwt, false);
  assert.equal(entrypoint_path, "supabase/functions/chime-page/index.js");
  assert.deepEqual(requests.filter((one) => !one.startsWith("GET ")), [
    `POST /v1/projects/${REF}/functions/deploy`,
  ]);
});

looseTest(
  "a dry run uploads nothing, and names settings that differ without their values",
  async () => {
    const { code, output, uploads } = await deploy({ ...FILE, CHIME_REGION: "eu-central-1" }, {
      ...FILE,
      AWS_SECRET_ACCESS_KEY: "another-secret",
    }, ["--dry-run"]);
    assert.equal(code, 0, output);
    assert.match(output, /differ from the file: AWS_SECRET_ACCESS_KEY\n/);
    assert.match(output, /not run .* functions deploy chime-page --remote=abcdefghijklmnopqrst/);
    assert.match(output, /deno task doctor https:\/\/visit\.example\.org/);
    assert.doesNotMatch(output, /another-secret/);
    assert.deepEqual(uploads, []);
  },
);

looseTest("nothing is deployed if a required setting is missing", async () => {
  const { CHIME_SDK_CDN_URL: _, ...project } = FILE;
  const { code, output, uploads } = await deploy(project, FILE, ["--yes", page.url]);
  assert.equal(code, 1);
  assert.match(output, /FAILED {2}The project lacks settings: CHIME_SDK_CDN_URL\n/);
  assert.deepEqual(uploads, []);
});
