import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { S3Client } from "@aws-sdk/client-s3";
import type { Dependencies } from "./dependencies.ts";

export function createS3(region: string, dependencies: Dependencies) {
  return new S3Client(configuration(region, dependencies));
}

export function createCloudFormation(region: string, dependencies: Dependencies) {
  return new CloudFormationClient(configuration(region, dependencies));
}

/**
 * Options of every AWS client: the access key from the environment, or else what the client finds by
 * itself (profiles, single sign-on). `AWS_ENDPOINT_URL` points it at a stand-in.
 */
export function configuration(region: string, { env }: Dependencies) {
  const endpoint = env("AWS_ENDPOINT_URL");
  const accessKeyId = env("AWS_ACCESS_KEY_ID");
  const secretAccessKey = env("AWS_SECRET_ACCESS_KEY");
  const sessionToken = env("AWS_SESSION_TOKEN");
  return {
    region,
    ...(endpoint ? { endpoint } : {}),
    ...(accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } }
      : {}),
  };
}
