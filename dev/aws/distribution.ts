/**
 * A CloudFront distribution on this machine, made of the resolved template: which origin a path goes
 * to, what is packed, which headers the policy adds, and the CloudFront Function that runs.
 */
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { forward } from "../forward.ts";
import { runFrontFunction } from "./cloudfront_function.ts";
import type { Json } from "./template.ts";
import { etag, type StoredObject } from "./s3.ts";

/** A behaviour, as far as it is imitated. */
export interface Behaviour {
  readonly PathPattern?: string;
  readonly TargetOriginId: string;
  readonly AllowedMethods: readonly string[];
  readonly Compress?: boolean;
  readonly ResponseHeadersPolicyId?: string;
  readonly FunctionAssociations?: readonly { readonly FunctionARN: string }[];
}

/** `DistributionConfig` of the template. */
export interface DistributionConfig {
  readonly PriceClass?: string;
  readonly Aliases?: readonly string[];
  readonly DefaultCacheBehavior: Behaviour;
  readonly CacheBehaviors?: readonly Behaviour[];
  readonly Origins: readonly {
    readonly Id: string;
    readonly DomainName: string;
    readonly OriginAccessControlId?: string;
    readonly OriginCustomHeaders?: readonly { HeaderName: string; HeaderValue: string }[];
  }[];
}

/** What surrounds a distribution. All are asked anew for every request, so updates count at once. */
export interface DistributionParts {
  readonly config: () => DistributionConfig;
  readonly object: (bucket: string, key: string) => StoredObject | undefined;
  readonly headersPolicy: (id: string) => Readonly<Record<string, Json>> | undefined;
  readonly functionCode: (arn: string) => string | undefined;
  /** Where a custom origin's host is on this machine. */
  readonly customOrigin: (domain: string) => string;
}

/** A running distribution. */
export interface Distribution {
  /** `http://127.0.0.1:<port>`, which stands for `https://d….cloudfront.net`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Types CloudFront packs, of those that matter here. Source: "Serve compressed files". */
const PACKED = /^(text\/(html|css|plain|javascript)|application\/(javascript|json|xml))\b/;

/** Starts it on a free port. */
export function startDistribution(parts: DistributionParts): Distribution {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => answer(request, parts),
  );
  return { url: `http://127.0.0.1:${server.addr.port}`, stop: () => server.shutdown() };
}

async function answer(request: Request, parts: DistributionParts): Promise<Response> {
  const config = parts.config();
  const { pathname } = new URL(request.url);
  const behaviour =
    config.CacheBehaviors?.find((one) => matches(one.PathPattern ?? "*", pathname)) ??
      config.DefaultCacheBehavior;
  const origin = config.Origins.find((one) => one.Id === behaviour.TargetOriginId);
  if (!origin) return new Response("No such origin", { status: 502 });
  if (!behaviour.AllowedMethods.includes(request.method)) {
    return new Response("This distribution is not configured to allow the method", { status: 403 });
  }
  const bucket = /^(.+)\.s3\.[a-z0-9-]+\.amazonaws\.com$/.exec(origin.DomainName)?.[1];
  const response = bucket !== undefined
    // Without Origin Access Control the request is not signed, and the bucket is private.
    ? storedAnswer(
      origin.OriginAccessControlId
        ? parts.object(bucket, decodeURIComponent(pathname.slice(1)))
        : undefined,
      request,
      behaviour,
    )
    : await customAnswer(request, parts.customOrigin(origin.DomainName), origin);
  const policy = behaviour.ResponseHeadersPolicyId
    ? parts.headersPolicy(behaviour.ResponseHeadersPolicyId)
    : undefined;
  if (policy) applyPolicy(response.headers, policy, request);
  const [association] = behaviour.FunctionAssociations ?? [];
  const code = association && parts.functionCode(association.FunctionARN);
  // CloudFront does not run viewer-response functions on answers of 400 and above.
  return code && response.status < 400 ? await runFrontFunction(code, request, response) : response;
}

function matches(pattern: string, path: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`).test(path);
}

/** What S3 gives CloudFront, packed if the behaviour says so. */
function storedAnswer(
  object: StoredObject | undefined,
  request: Request,
  behaviour: Behaviour,
): Response {
  if (!object) {
    return new Response("<Error><Code>AccessDenied</Code></Error>", {
      status: 403,
      headers: { "content-type": "application/xml" },
    });
  }
  const headers = new Headers({
    "content-type": object.contentType,
    "etag": etag(object.bytes),
    "last-modified": object.writtenAt.toUTCString(),
    "x-cache": "Hit from cloudfront",
  });
  if (object.cacheControl) headers.set("cache-control", object.cacheControl);
  let body = object.bytes;
  const { length } = body;
  if (behaviour.Compress && PACKED.test(object.contentType) && length >= 1e3 && length <= 1e7) {
    const asked = request.headers.get("accept-encoding") ?? "";
    headers.set("vary", "Accept-Encoding");
    if (/\bbr\b/.test(asked)) {
      headers.set("content-encoding", "br");
      body = new Uint8Array(
        brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
      );
    } else if (/\bgzip\b/.test(asked)) {
      headers.set("content-encoding", "gzip");
      body = new Uint8Array(gzipSync(body));
    }
  }
  headers.set("content-length", String(body.length));
  return new Response(request.method === "HEAD" ? null : body, { headers });
}

/** What a custom origin answers: all viewer headers but the host, and the origin's own over them. */
async function customAnswer(
  request: Request,
  target: string,
  origin: DistributionConfig["Origins"][number],
): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const further = Object.fromEntries(
    (origin.OriginCustomHeaders ?? []).map((one) => [one.HeaderName, one.HeaderValue]),
  );
  return await forward(request, `${target}${pathname}${search}`, further) ??
    new Response("502 Bad Gateway", { status: 502 });
}

function applyPolicy(headers: Headers, policy: Readonly<Record<string, Json>>, request: Request) {
  const part = (name: string) => policy[name] as Record<string, Record<string, Json>> | undefined;
  const cors = part("CorsConfig");
  // CORS headers are added to answers of CORS requests alone.
  if (cors && request.headers.has("origin")) {
    const items = cors["AccessControlAllowOrigins"]?.["Items"] as readonly string[];
    headers.set("access-control-allow-origin", items.includes("*") ? "*" : items.join(","));
  }
  const security = part("SecurityHeadersConfig");
  if (security?.["ContentTypeOptions"]) headers.set("x-content-type-options", "nosniff");
  const hsts = security?.["StrictTransportSecurity"];
  if (hsts) {
    const sub = hsts["IncludeSubdomains"] ? "; includeSubDomains" : "";
    headers.set("strict-transport-security", `max-age=${hsts["AccessControlMaxAgeSec"]}${sub}`);
  }
  const custom = part("CustomHeadersConfig")?.["Items"] as unknown as
    | readonly { Header: string; Value: string }[]
    | undefined;
  for (const { Header, Value } of custom ?? []) headers.set(Header, Value);
}
