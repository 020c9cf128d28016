import { createHash } from "node:crypto";
import { type Access, allowed, denied, type Statement } from "./bucket_policy.ts";
import { AwsProblem } from "./problem.ts";
import type { WireRequest } from "./signature.ts";
import { xmlResponse } from "./xml.ts";

export interface StoredObject {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly cacheControl: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly checksumSha256: string | undefined;
  readonly versionId: string;
  readonly writtenAt: Date;
}

export interface Bucket {
  readonly name: string;
  policy: readonly Statement[];
  readonly objects: Map<string, StoredObject>;
}

/** Buckets, and the REST interface to them. */
export class S3 {
  readonly buckets = new Map<string, Bucket>();
  #conflicts = 0;

  #put(bucket: Bucket, key: string, request: WireRequest): Response {
    const { headers, body } = request;
    if (headers.get("if-none-match") === "*" && bucket.objects.has(key)) {
      throw new AwsProblem(
        412,
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
      );
    }
    if (this.#conflicts > 0) {
      this.#conflicts--;
      throw new AwsProblem(
        409,
        "ConditionalRequestConflict",
        "The conditional request cannot succeed due to a conflicting operation",
      );
    }
    const declared = headers.get("x-amz-checksum-sha256");
    const checksum = createHash("sha256").update(body).digest("base64");
    if (declared !== null && declared !== checksum) {
      throw new AwsProblem(400, "BadDigest", "The SHA256 you specified did not match");
    }
    const metadata = [...headers].filter(([name]) => name.startsWith("x-amz-meta-"))
      .map(([name, value]) => [name.slice("x-amz-meta-".length), value]);
    const versionId = crypto.randomUUID().replaceAll("-", "");
    bucket.objects.set(key, {
      bytes: body,
      contentType: headers.get("content-type") ?? "binary/octet-stream",
      cacheControl: headers.get("cache-control") ?? undefined,
      metadata: Object.fromEntries(metadata),
      checksumSha256: declared ?? undefined,
      versionId,
      writtenAt: new Date(),
    });
    return new Response(null, {
      status: 200,
      headers: { etag: etag(body), "x-amz-version-id": versionId },
    });
  }

  #list(bucket: Bucket, prefix: string): Response {
    const found = [...bucket.objects].filter(([key]) => key.startsWith(prefix)).sort();
    return xmlResponse("ListBucketResult", {
      Name: bucket.name,
      KeyCount: found.length,
      MaxKeys: 1000,
      IsTruncated: false,
      Contents: found.map(([key, one]) => ({
        Key: key,
        LastModified: one.writtenAt.toISOString(),
        ETag: etag(one.bytes),
        Size: one.bytes.length,
        StorageClass: "STANDARD",
      })),
    });
  }

  /** Answers a request whose signature has been checked. */
  handle(request: WireRequest): Response {
    const [, bucketName = "", ...rest] = decodeURIComponent(request.url.pathname).split("/");
    const key = rest.join("/");
    const bucket = this.buckets.get(bucketName);
    if (!bucket) throw new AwsProblem(404, "NoSuchBucket", "The specified bucket does not exist");
    const access: Access = {
      action: actionOf(request.method, key),
      resource: `arn:aws:s3:::${bucketName}${key === "" ? "" : `/${key}`}`,
      keys: {
        "s3:if-none-match": request.headers.get("if-none-match") ?? undefined,
        "s3:objectcreationoperation": "true",
        // The stand-in's HTTP stands for HTTPS.
        "aws:securetransport": "true",
      },
    };
    if (denied(bucket.policy, access)) {
      throw new AwsProblem(403, "AccessDenied", "Access Denied by the bucket's policy");
    }
    if (request.method === "PUT") return this.#put(bucket, key, request);
    if (key === "") return this.#list(bucket, request.url.searchParams.get("prefix") ?? "");
    const found = bucket.objects.get(key);
    if (request.method === "DELETE") {
      bucket.objects.delete(key);
      return new Response(null, { status: 204 });
    }
    if (!found) throw new AwsProblem(404, "NoSuchKey", "The specified key does not exist");
    return new Response(request.method === "HEAD" ? null : found.bytes, {
      headers: objectHeaders(found, request.headers.get("x-amz-checksum-mode") === "ENABLED"),
    });
  }

  /** What CloudFront gets for a key; undefined is AccessDenied (a missing key looks the same). */
  readForCloudFront(bucketName: string, key: string, sourceArn: string): StoredObject | undefined {
    const bucket = this.buckets.get(bucketName);
    const access: Access = {
      action: "s3:GetObject",
      resource: `arn:aws:s3:::${bucketName}/${key}`,
      service: "cloudfront.amazonaws.com",
      keys: { "aws:sourcearn": sourceArn, "aws:securetransport": "true" },
    };
    return bucket && allowed(bucket.policy, access) ? bucket.objects.get(key) : undefined;
  }

  /** The next writes answer 409, as during another write of the same key. */
  conflictNext(times: number): void {
    this.#conflicts = times;
  }
}

function actionOf(method: string, key: string): string {
  if (method === "PUT") return "s3:PutObject";
  if (method === "DELETE") return "s3:DeleteObject";
  return key === "" ? "s3:ListBucket" : "s3:GetObject";
}

/** Headers of S3 and CloudFront alike. */
export function storedHeaders({ contentType, bytes, writtenAt, cacheControl }: StoredObject) {
  return new Headers({
    "content-type": contentType,
    "content-length": String(bytes.length),
    "last-modified": writtenAt.toUTCString(),
    "etag": etag(bytes),
    ...(cacheControl === undefined ? {} : { "cache-control": cacheControl }),
  });
}

function objectHeaders(object: StoredObject, checksum: boolean): Headers {
  const headers = storedHeaders(object);
  headers.set("x-amz-version-id", object.versionId);
  for (const [name, value] of Object.entries(object.metadata)) {
    headers.set(`x-amz-meta-${name}`, value);
  }
  // S3 sends the checksum only if the request asks for it and the writer gave one.
  if (checksum && object.checksumSha256) {
    headers.set("x-amz-checksum-sha256", object.checksumSha256);
    headers.set("x-amz-checksum-type", "FULL_OBJECT");
  }
  return headers;
}

function etag(bytes: Uint8Array): string {
  return `"${createHash("md5").update(bytes).digest("hex")}"`;
}
