import assert from "node:assert/strict";
import { chimeFailure } from "./chime_errors.ts";

function named(name: string): Error {
  return Object.assign(new Error("raw message of the service"), { name });
}

Deno.test("errors of Chime are classified by what a caller can do about them", () => {
  const kinds = {
    NotFoundException: "not-found",
    ConflictException: "busy",
    ThrottlingException: "busy",
    LimitExceededException: "busy",
    ForbiddenException: "refused",
    UnauthorizedException: "refused",
    BadRequestException: "refused",
    ServiceUnavailableException: "unavailable",
    ServiceFailureException: "unavailable",
    TimeoutError: "unavailable",
  };
  for (const [name, kind] of Object.entries(kinds)) {
    assert.deepEqual(chimeFailure(named(name)), { kind, code: name });
  }
  assert.deepEqual(chimeFailure("thrown text"), { kind: "unavailable", code: "unknown" });
});
