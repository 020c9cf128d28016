/**
 * The part of AWS that the CDN's commands talk to, on this machine: S3, CloudFormation and CloudFront
 * behind one address, with distributions that really serve. It enforces what AWS enforces.
 */
import type { Credential } from "../chime/control/sigv4.ts";
import { handleCloudFormation } from "./cloudformation.ts";
import {
  type Distribution,
  type DistributionConfig,
  type DistributionParts,
  startDistribution,
} from "./distribution.ts";
import type { Statement } from "./bucket_policy.ts";
import { AwsProblem } from "./problem.ts";
import { createS3, type S3 } from "./s3.ts";
import { checkSignature, type WireRequest } from "./signature.ts";
import { createStacks, type Stack, type Stacks } from "./stacks.ts";
import type { Json } from "./template.ts";
import { xmlResponse } from "./xml.ts";

/** Options of {@link startAws}. */
export interface AwsOptions {
  readonly credentials: readonly Credential[];
  /** Where the hosts of custom origins are on this machine, by host name. */
  readonly origins?: Readonly<Record<string, string>>;
  /** Told once of each new distribution. */
  readonly onDistribution?: (one: LiveDistribution) => void;
}

/** A distribution that serves, and what it is made of. */
export interface LiveDistribution extends Distribution {
  readonly id: string;
  readonly domain: string;
  readonly config: DistributionConfig;
}

/** A running stand-in. */
export interface Aws {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  readonly s3: S3;
  readonly stacks: Stacks;
  distributions(): readonly LiveDistribution[];
  /** Requests so far, `service Action-or-METHOD`. */
  requests(): readonly string[];
  close(): Promise<void>;
}

const ACCOUNT = "000000000000";

/** Starts it on a free port, with nothing in it. */
export function startAws(options: AwsOptions): Aws {
  const now = () => new Date();
  const s3 = createS3(now);
  const distributions = new Map<string, LiveDistribution>();
  const policies = new Map<string, Record<string, Json>>();
  const functions = new Map<string, string>();
  const requests: string[] = [];
  const stacks = createStacks(now, apply);

  /** Makes the resources of a finished stack real. */
  function apply(stack: Stack): void {
    const of = (type: string) =>
      stack.current?.resources.filter((one) => one.type === `AWS::${type}`) ?? [];
    for (const { physicalId } of of("S3::Bucket")) {
      if (!s3.buckets.has(physicalId)) {
        s3.buckets.set(physicalId, { name: physicalId, policy: [], objects: new Map() });
      }
    }
    for (const { properties } of of("S3::BucketPolicy")) {
      const bucket = s3.buckets.get(String(properties["Bucket"]));
      const document = properties["PolicyDocument"] as unknown as { Statement: Statement[] };
      if (bucket) bucket.policy = document.Statement;
    }
    for (const { physicalId, properties } of of("CloudFront::ResponseHeadersPolicy")) {
      policies.set(
        physicalId,
        properties["ResponseHeadersPolicyConfig"] as Record<string, Json>,
      );
    }
    for (const { physicalId, properties } of of("CloudFront::Function")) {
      functions.set(physicalId, String(properties["FunctionCode"]));
    }
    for (const { physicalId, properties } of of("CloudFront::Distribution")) {
      putDistribution(
        physicalId,
        properties["DistributionConfig"] as unknown as DistributionConfig,
      );
    }
  }

  function putDistribution(id: string, config: DistributionConfig): void {
    const known = distributions.get(id);
    const arn = `arn:aws:cloudfront::${ACCOUNT}:distribution/${id}`;
    const live = known ?? startDistribution(
      {
        config: () => distributions.get(id)?.config ?? config,
        object: (bucket, key) => s3.readForCloudFront(bucket, key, arn),
        headersPolicy: (policy) => policies.get(policy),
        functionCode: (name) => functions.get(name),
        customOrigin: (domain) => options.origins?.[domain] ?? "http://127.0.0.1:1",
      } satisfies DistributionParts,
    );
    const domain = `d${id.slice(1).toLowerCase()}.cloudfront.net`;
    const next = { url: live.url, stop: live.stop, id, domain, config };
    distributions.set(id, next);
    if (!known) options.onDistribution?.(next);
  }

  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (raw) => {
    const request: WireRequest = {
      method: raw.method,
      url: new URL(raw.url),
      headers: raw.headers,
      body: new Uint8Array(await raw.arrayBuffer()),
    };
    let service = "";
    try {
      const signed = checkSignature(request, options.credentials);
      ({ service } = signed);
      if (service === "cloudformation") {
        const action = new URLSearchParams(new TextDecoder().decode(request.body)).get("Action");
        requests.push(`${service} ${action}`);
        return handleCloudFormation(request, signed.region, ACCOUNT, stacks);
      }
      requests.push(`${service} ${request.method}`);
      if (service === "s3") return s3.handle(request);
      if (service === "cloudfront") return listDistributions([...distributions.values()]);
      throw new AwsProblem(400, "UnknownService", `No stand-in for ${service}`);
    } catch (error) {
      if (!(error instanceof AwsProblem)) throw error;
      return problemResponse(error, service, raw.method);
    }
  });

  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    s3,
    stacks,
    distributions: () => [...distributions.values()],
    requests: () => requests,
    async close() {
      await Promise.all([...distributions.values()].map((one) => one.stop()));
      await server.shutdown();
    },
  };
}

function problemResponse(problem: AwsProblem, service: string, method: string): Response {
  const { status, code, message } = problem;
  // An answer to HEAD has no body, so S3's clients know those errors by their status alone.
  if (method === "HEAD") return new Response(null, { status });
  const error = { Type: "Sender", Code: code, Message: message };
  return service === "s3"
    ? xmlResponse("Error", { Code: code, Message: message }, status)
    : xmlResponse("ErrorResponse", { Error: error, RequestId: "stand-in" }, status);
}

function listDistributions(all: readonly LiveDistribution[]): Response {
  return xmlResponse("DistributionList", {
    Marker: "",
    MaxItems: 100,
    IsTruncated: false,
    Quantity: all.length,
    Items: {
      DistributionSummary: all.map(({ id, domain, config }) => ({
        Id: id,
        DomainName: domain,
        Status: "Deployed",
        PriceClass: config.PriceClass ?? "PriceClass_All",
        Aliases: {
          Quantity: config.Aliases?.length ?? 0,
          Items: { CNAME: config.Aliases ?? [] },
        },
      })),
    },
  });
}
