/**
 * A CloudFront distribution on this machine, from a resolved template: chooses the origin of a path,
 * compresses, adds the policy's headers, and runs the CloudFront Function.
 */
import { gzipSync } from "node:zlib";
import { brotli } from "../compression.ts";
import { wildcard } from "./bucket_policy.ts";
import { forward } from "../forward.ts";
import { type LocalServer, serveLocally } from "../local_server.ts";
import { runViewerResponse } from "./cloudfront_function.ts";
import type { Json } from "./template.ts";
import { storedHeaders, type StoredObject } from "./s3.ts";

interface Behaviour {
  readonly PathPattern?: string;
  readonly TargetOriginId: string;
  readonly AllowedMethods: readonly string[];
  readonly Compress?: boolean;
  readonly ResponseHeadersPolicyId?: string;
  readonly FunctionAssociations?: readonly { readonly FunctionARN: string }[];
}

/** `DistributionConfig` of the template, as far as it is imitated. */
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

/** What a distribution needs. All are called for every request, so updates apply at once. */
export interface DistributionDependencies {
  readonly config: () => DistributionConfig;
  readonly object: (bucket: string, key: string) => StoredObject | undefined;
  readonly headersPolicy: (id: string) => Readonly<Record<string, Json>> | undefined;
  readonly functionCode: (arn: string) => string | undefined;
  /** Where a custom origin's host is on this machine. */
  readonly customOrigin: (domain: string) => string;
}

/** Some of the types that CloudFront compresses. Source: "Serve compressed files". */
const COMPRESSED = /^(text\/(html|css|plain|javascript)|application\/(javascript|json|xml))\b/;

/** Starts one on a free port; its url stands for `https://d….cloudfront.net`. */
export function startDistribution(dependencies: DistributionDependencies): LocalServer {
  return serveLocally((request) => answer(request, dependencies));
}

async function answer(
  request: Request,
  dependencies: DistributionDependencies,
): Promise<Response> {
  const config = dependencies.config();
  const { pathname } = new URL(request.url);
  const behaviour =
    config.CacheBehaviors?.find((one) => wildcard(one.PathPattern ?? "*", pathname)) ??
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
        ? dependencies.object(bucket, decodeURIComponent(pathname.slice(1)))
        : undefined,
      request,
      behaviour,
    )
    : await customAnswer(request, dependencies.customOrigin(origin.DomainName), origin);
  const policy = behaviour.ResponseHeadersPolicyId
    ? dependencies.headersPolicy(behaviour.ResponseHeadersPolicyId)
    : undefined;
  if (policy) applyPolicy(response.headers, policy, request);
  const [association] = behaviour.FunctionAssociations ?? [];
  const code = association && dependencies.functionCode(association.FunctionARN);
  // CloudFront does not run viewer-response functions on answers of 400 and above.
  return code && response.status < 400
    ? await runViewerResponse(code, request, response)
    : response;
}

/** An object of S3, compressed if the behaviour says so. */
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
  const headers = storedHeaders(object);
  headers.set("x-cache", "Hit from cloudfront");
  let body = object.bytes;
  const { length } = body;
  if (behaviour.Compress && COMPRESSED.test(object.contentType) && length >= 1e3 && length <= 1e7) {
    const asked = request.headers.get("accept-encoding") ?? "";
    headers.set("vary", "Accept-Encoding");
    if (/\bbr\b/.test(asked)) {
      headers.set("content-encoding", "br");
      body = brotli(body);
    } else if (/\bgzip\b/.test(asked)) {
      headers.set("content-encoding", "gzip");
      body = new Uint8Array(gzipSync(body));
    }
  }
  headers.set("content-length", String(body.length));
  return new Response(request.method === "HEAD" ? null : body, { headers });
}

/** The response of a custom origin, which gets all viewer headers but the host, and its own. */
function customAnswer(
  request: Request,
  target: string,
  origin: DistributionConfig["Origins"][number],
): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const further = Object.fromEntries(
    (origin.OriginCustomHeaders ?? []).map((one) => [one.HeaderName, one.HeaderValue]),
  );
  return forward(request, `${target}${pathname}${search}`, further);
}

function applyPolicy(headers: Headers, policy: Readonly<Record<string, Json>>, request: Request) {
  const part = (name: string) => policy[name] as Record<string, Record<string, Json>> | undefined;
  const cors = part("CorsConfig");
  // CORS headers are added only for CORS requests.
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
