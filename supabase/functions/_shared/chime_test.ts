import assert from "node:assert/strict";
import { chimeFailure } from "./chime.ts";

function named(name: string): Error {
  return Object.assign(new Error("raw words of the service"), { name });
}

Deno.test("each error of Chime is named after what a caller can do about it", () => {
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
