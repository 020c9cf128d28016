import { HeadObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";

/** A published SDK file. */
export type PublishedVersion = Awaited<ReturnType<typeof listVersions>>[number];

/** Matches the name of an SDK file: `chime-sdk-<version>-<start of its SHA-256>.min.js`. */
export const SDK_FILE_NAME = /^chime-sdk-(\d+\.\d+\.\d+[\w.-]*?)-([0-9a-f]{16})\.min\.js$/;

/** All SDK files in the bucket, the newest first. Other files are left out. */
export async function listVersions(client: S3Client, bucket: string) {
  const versions = [];
  const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: "chime-sdk-" });
  for await (const { Contents = [] } of pages) {
    for (const { Key = "", Size = 0, LastModified = new Date(0) } of Contents) {
      const sdkVersion = SDK_FILE_NAME.exec(Key)?.[1];
      if (sdkVersion === undefined) continue;
      const { Metadata } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
      versions.push({
        file: Key,
        sdkVersion,
        /** `sha384-…`; undefined if `cdn:publish` did not write the file. */
        integrity: Metadata?.["sha384"],
        bytes: Size,
        publishedAt: LastModified,
      });
    }
  }
  return versions.sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime());
}

export function versionLines(versions: readonly PublishedVersion[]): readonly string[] {
  return versions.map((one) =>
    `  ${one.file.padEnd(46)}${String(one.bytes).padStart(9)} bytes  ` +
    `${one.publishedAt.toISOString().slice(0, 16).replace("T", " ")}` +
    (one.integrity === undefined ? "  no hash in its metadata" : "")
  );
}
