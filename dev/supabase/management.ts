/**
 * Stands for the part of Supabase's Management API that the Supabase CLI uses to deploy: projects,
 * secrets and functions. It refuses what the real one refuses: an unknown token or project, reserved
 * or overlong secrets, and an upload whose files do not fit its metadata.
 */
import { serveLocally } from "../local_server.ts";

/** A file of an uploaded function; its name is a path in the repository that it was deployed from. */
export interface UploadedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A deployed function. */
export interface DeployedFunction {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly files: readonly UploadedFile[];
  readonly version: number;
}

export interface ManagementOptions {
  /** Tokens that are accepted, `sbp_` and 40 hex digits. */
  readonly tokens: readonly string[];
  /** Ids of the projects: 20 lowercase letters. */
  readonly projects: readonly string[];
  /** Secrets that are already set. */
  readonly secrets?: Readonly<Record<string, string>>;
}

export type ManagementApi = ReturnType<typeof startManagementApi>;

/** Supabase's limit for a function that is bundled on the server. */
const MAX_UPLOAD_BYTES = 5_000_000;
const MAX_SECRET_BYTES = 24_576;
const CREATED = "2026-11-01T08:00:00Z";

/** Starts the API on a free port. */
export function startManagementApi({ tokens, projects, secrets: given = {} }: ManagementOptions) {
  const secrets = new Map(Object.entries(given));
  const functions = new Map<string, DeployedFunction>();
  const requests: string[] = [];
  const { url, stop } = serveLocally(async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    requests.push(`${request.method} ${pathname}`);
    const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
    if (!/^sbp_[0-9a-f]{40}$/.test(token) || !tokens.includes(token)) {
      return refuse(401, "Unauthorized");
    }
    if (pathname === "/v1/projects") return Response.json(projects.map(describe));
    const [, ref = "", rest = ""] = /^\/v1\/projects\/([^/]+)(\/.*)?$/.exec(pathname) ?? [];
    if (!projects.includes(ref)) return refuse(404, "Project not found");
    switch (`${request.method} ${rest}`) {
      case "GET ":
        return Response.json(describe(ref));
      case "GET /api-keys":
        return Response.json([{
          name: "anon",
          api_key: "sb_publishable_demo",
          type: "publishable",
        }]);
      case "GET /secrets":
        return Response.json(await Promise.all([...secrets].map(digested)));
      case "POST /secrets":
        return setSecrets(secrets, await request.json());
      case "DELETE /secrets":
        for (const name of await request.json()) secrets.delete(name);
        return new Response(null, { status: 200 });
      case "GET /functions":
        return Response.json([...functions].map(([slug, one]) => functionOf(slug, one)));
      case "POST /functions/deploy":
        return await deploy(functions, searchParams.get("slug") ?? "", await request.formData());
    }
    return refuse(404, `Cannot ${request.method} ${pathname}`);
  });
  return {
    url,
    /** What functions get as their environment, beside what the platform injects. */
    secrets: secrets as ReadonlyMap<string, string>,
    functions: functions as ReadonlyMap<string, DeployedFunction>,
    /** `METHOD /path` of every request. */
    requests: requests as readonly string[],
    close: stop,
  };
}

function refuse(status: number, message: string): Response {
  return Response.json({ message }, { status });
}

function describe(ref: string) {
  return {
    id: ref,
    ref,
    name: "stand-in",
    organization_id: "stand-in",
    organization_slug: "stand-in",
    region: "eu-central-1",
    created_at: CREATED,
    status: "ACTIVE_HEALTHY",
    database: {
      host: `db.${ref}.supabase.co`,
      version: "17.6.1.054",
      postgres_engine: "17",
      release_channel: "ga",
    },
  };
}

/** The API never returns a value, only its hash. */
async function digested([name, value]: readonly [string, string]) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(value));
  return { name, value: new Uint8Array(digest).toHex(), updated_at: CREATED };
}

function setSecrets(
  secrets: Map<string, string>,
  given: readonly { readonly name: string; readonly value: string }[],
): Response {
  for (const { name, value } of given) {
    if (/^SUPABASE_/.test(name)) return refuse(400, `${name}: must not start with SUPABASE_`);
    if (name.length > 256 || new TextEncoder().encode(value).length > MAX_SECRET_BYTES) {
      return refuse(400, `${name}: too long`);
    }
  }
  for (const { name, value } of given) secrets.set(name, value);
  return new Response(null, { status: 201 });
}

async function deploy(
  functions: Map<string, DeployedFunction>,
  slug: string,
  form: FormData,
): Promise<Response> {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(slug)) return refuse(400, "Invalid slug");
  const part = form.get("metadata");
  const metadata = JSON.parse(typeof part === "string" ? part : await part?.text() ?? "null");
  const files = await Promise.all(
    form.getAll("file").filter((one) => one instanceof File)
      .map(async (file) => ({ name: file.name, bytes: await file.bytes() })),
  );
  if (metadata === null || typeof metadata !== "object") return refuse(400, "metadata is missing");
  for (const key of ["entrypoint_path", "import_map_path"]) {
    const path = metadata[key];
    if (path === undefined && key === "import_map_path") continue;
    if (!files.some(({ name }) => name === path)) return refuse(400, `${key} is not in the upload`);
  }
  if (files.reduce((sum, { bytes }) => sum + bytes.length, 0) > MAX_UPLOAD_BYTES) {
    return refuse(413, "The function is too large");
  }
  const deployed = { metadata, files, version: (functions.get(slug)?.version ?? 0) + 1 };
  functions.set(slug, deployed);
  return Response.json(functionOf(slug, deployed), { status: 201 });
}

function functionOf(slug: string, { metadata, version }: DeployedFunction) {
  return {
    id: `id-of-${slug}`,
    slug,
    name: slug,
    status: "ACTIVE",
    version,
    created_at: Date.parse(CREATED),
    updated_at: Date.parse(CREATED),
    // The platform's default.
    verify_jwt: metadata["verify_jwt"] ?? true,
    import_map: metadata["import_map_path"] !== undefined,
    entrypoint_path: metadata["entrypoint_path"],
    import_map_path: metadata["import_map_path"],
  };
}
