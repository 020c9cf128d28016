import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { S3Client } from "@aws-sdk/client-s3";
import type { World } from "./world.ts";

/** Storage of a region. */
export function createS3(region: string, world: World): S3Client {
  return new S3Client(configuration(region, world));
}

/** Stacks of a region. */
export function createCloudFormation(region: string, world: World): CloudFormationClient {
  return new CloudFormationClient(configuration(region, world));
}

/**
 * What every client of AWS is made of: the key of the environment, else whatever the client finds by
 * itself (profiles, single sign-on); `AWS_ENDPOINT_URL` for a stand-in.
 */
export function configuration(region: string, world: World) {
  const endpoint = world.env("AWS_ENDPOINT_URL");
  const accessKeyId = world.env("AWS_ACCESS_KEY_ID");
  const secretAccessKey = world.env("AWS_SECRET_ACCESS_KEY");
  const sessionToken = world.env("AWS_SESSION_TOKEN");
  return {
    region,
    ...(endpoint ? { endpoint } : {}),
    ...(accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } }
      : {}),
  };
}
