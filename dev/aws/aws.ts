/**
 * The part of AWS that the CDN's commands use, on this machine: S3, CloudFormation and CloudFront
 * behind one address, with distributions that serve. It enforces what AWS enforces.
 */
import type { Credential } from "../chime/control/sigv4.ts";
import { serveLocally } from "../local_server.ts";
import type { Statement } from "./bucket_policy.ts";
import { handleCloudFormation } from "./cloudformation.ts";
import { type DistributionConfig, startDistribution } from "./distribution.ts";
import { AwsProblem } from "./problem.ts";
import { S3 } from "./s3.ts";
import { checkSignature } from "./signature.ts";
import type { ResolvedResource } from "./resolve.ts";
import { type Stack, type StackResources, Stacks } from "./stacks.ts";
import type { Json } from "./template.ts";
import { xmlResponse } from "./xml.ts";

export interface AwsOptions {
  readonly credentials: readonly Credential[];
  readonly onDistribution?: (one: LiveDistribution) => void;
}

export interface LiveDistribution {
  readonly id: string;
  /** Its host name at CloudFront, which `url` stands for. */
  readonly domain: string;
  readonly url: string;
  config: DistributionConfig;
  stop(): Promise<void>;
}

export type Aws = ReturnType<typeof startAws>;

const ACCOUNT = "000000000000";

/** The resources of all stacks, by their physical ids. */
class Resources implements StackResources {
  readonly s3 = new S3();
  readonly distributions = new Map<string, LiveDistribution>();
  /** Distributions that were deleted, which may still be closing their connections. */
  readonly closed: (Promise<void> | undefined)[] = [];
  readonly #policies = new Map<string, Record<string, Json>>();
  readonly #functions = new Map<string, string>();

  constructor(private readonly onDistribution: AwsOptions["onDistribution"]) {}

  /** Creates or updates the resources of a stack. */
  apply(stack: Stack): void {
    const { buckets } = this.s3;
    for (const { type, physicalId, properties } of stack.current?.resources ?? []) {
      switch (type) {
        case "AWS::S3::Bucket":
          if (buckets.has(physicalId)) break;
          buckets.set(physicalId, { name: physicalId, policy: [], objects: new Map() });
          break;
        case "AWS::S3::BucketPolicy": {
          const bucket = buckets.get(String(properties["Bucket"]));
          const document = properties["PolicyDocument"] as unknown as { Statement: Statement[] };
          if (bucket) bucket.policy = document.Statement;
          break;
        }
        case "AWS::CloudFront::ResponseHeadersPolicy": {
          const policy = properties["ResponseHeadersPolicyConfig"] as Record<string, Json>;
          this.#policies.set(physicalId, policy);
          break;
        }
        case "AWS::CloudFront::Function":
          this.#functions.set(physicalId, String(properties["FunctionCode"]));
          break;
        case "AWS::CloudFront::Distribution": {
          const config = properties["DistributionConfig"] as unknown as DistributionConfig;
          const known = this.distributions.get(physicalId);
          if (known) known.config = config;
          else this.#addDistribution(physicalId, config);
        }
      }
    }
  }

  isTaken({ type, physicalId }: ResolvedResource): boolean {
    return type === "AWS::S3::Bucket" && this.s3.buckets.has(physicalId);
  }

  remove({ type, physicalId, properties }: ResolvedResource): string | undefined {
    switch (type) {
      case "AWS::S3::Bucket":
        if (this.s3.buckets.get(physicalId)?.objects.size) {
          return "The bucket you tried to delete is not empty";
        }
        this.s3.buckets.delete(physicalId);
        break;
      case "AWS::S3::BucketPolicy": {
        const bucket = this.s3.buckets.get(String(properties["Bucket"]));
        if (bucket) bucket.policy = [];
        break;
      }
      case "AWS::CloudFront::ResponseHeadersPolicy":
        this.#policies.delete(physicalId);
        break;
      case "AWS::CloudFront::Function":
        this.#functions.delete(physicalId);
        break;
      case "AWS::CloudFront::Distribution":
        this.closed.push(this.distributions.get(physicalId)?.stop());
        this.distributions.delete(physicalId);
    }
    return undefined;
  }

  #addDistribution(id: string, config: DistributionConfig): void {
    const arn = `arn:aws:cloudfront::${ACCOUNT}:distribution/${id}`;
    const server = startDistribution({
      config: () => live.config,
      object: (bucket, key) => this.s3.readForCloudFront(bucket, key, arn),
      headersPolicy: (policy) => this.#policies.get(policy),
      functionCode: (name) => this.#functions.get(name),
      customOrigin: () => "http://127.0.0.1:1",
    });
    const domain = `d${id.slice(1).toLowerCase()}.cloudfront.net`;
    const live: LiveDistribution = { id, domain, config, ...server };
    this.distributions.set(id, live);
    this.onDistribution?.(live);
  }
}

/** Starts an empty one on a free port. */
export function startAws(options: AwsOptions) {
  const resources = new Resources(options.onDistribution);
  const { s3, distributions } = resources;
  const stacks = new Stacks(resources);
  const requests: string[] = [];

  const server = serveLocally(async (raw) => {
    const request = {
      method: raw.method,
      url: new URL(raw.url),
      headers: raw.headers,
      body: await raw.bytes(),
    };
    let service = "";
    try {
      const signed = checkSignature(request, options.credentials);
      ({ service } = signed);
      if (service === "cloudformation") {
        const form = new URLSearchParams(new TextDecoder().decode(request.body));
        requests.push(`${service} ${form.get("Action")}`);
        return handleCloudFormation(form, signed.region, ACCOUNT, stacks);
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
    /** For `AWS_ENDPOINT_URL`. */
    url: server.url,
    s3,
    stacks,
    distributions: (): readonly LiveDistribution[] => [...distributions.values()],
    /** Requests so far, `<service> <action or method>`. */
    requests: (): readonly string[] => requests,
    async close() {
      const running = [server, ...distributions.values()].map((one) => one.stop());
      await Promise.all([...running, ...resources.closed]);
    },
  };
}

function problemResponse(problem: AwsProblem, service: string, method: string): Response {
  const { status, code, message } = problem;
  // A response to HEAD has no body, so clients know these errors by their status.
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
