import { ChimeSDKMeetingsServiceException } from "@aws-sdk/client-chime-sdk-meetings";
import { err, ok, type Result } from "./result.ts";

/**
 * Why a call to Chime failed.
 *
 * - `not-found`: the meeting has ended or never existed.
 * - `busy`: throttled, in conflict, or over a quota.
 * - `refused`: the AWS key or the request is wrong, so retrying does not help.
 * - `unavailable`: Chime or the network is down.
 */
export interface ChimeFailure {
  readonly kind: "not-found" | "busy" | "refused" | "unavailable";
  /** The name of AWS's error, for the log. */
  readonly code: string;
}

const BUSY = new Set([
  "ConflictException",
  "LimitExceededException",
  "ResourceLimitExceeded",
  "ResourceLimitExceededException",
  "ThrottledClientException",
  "ThrottlingException",
  "TooManyRequestsException",
]);
const REFUSED = new Set([
  "AccessDeniedException",
  "BadRequestException",
  "ForbiddenException",
  "InvalidSignatureException",
  "UnauthorizedClientException",
  "UnauthorizedException",
  "UnprocessableEntityException",
  "UnrecognizedClientException",
]);

/** Classifies an error of the AWS client. Source: Chime SDK API reference, "Common errors". */
export function chimeFailure(error: unknown): ChimeFailure {
  const code = error instanceof Error ? error.name : "unknown";
  if (code === "NotFoundException") return { kind: "not-found", code };
  if (BUSY.has(code)) return { kind: "busy", code };
  if (REFUSED.has(code)) return { kind: "refused", code };
  return { kind: "unavailable", code };
}

/** Sends one request and returns its error as a value. */
export async function attempt<T>(send: () => Promise<T>): Promise<Result<T, ChimeFailure>> {
  try {
    return ok(await retryClockSkew(send));
  } catch (error) {
    return err(chimeFailure(error));
  }
}

/**
 * Signatures are valid for five minutes. After a failed request, the AWS client reads the server's
 * time from the `Date` header and marks the error as `clockSkewCorrected`; signing again then works.
 * One retry only: an invalid key is still refused.
 */
async function retryClockSkew<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!isSkewCorrected(error)) throw error;
    return await send();
  }
}

function isSkewCorrected(error: unknown): boolean {
  return error instanceof ChimeSDKMeetingsServiceException &&
    "clockSkewCorrected" in error.$metadata;
}
