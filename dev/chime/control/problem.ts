/** The errors of the control plane: name on the wire, HTTP status, `Code` in the body. */
const PROBLEMS = {
  BadRequestException: [400, "BadRequest"],
  UnauthorizedException: [401, "Unauthorized"],
  ForbiddenException: [403, "Forbidden"],
  NotFoundException: [404, "NotFound"],
  ResourceNotFoundException: [404, "NotFound"],
  TooManyTagsException: [400, "TooManyTags"],
  ConflictException: [409, "Conflict"],
  UnprocessableEntityException: [422, "Unprocessable"],
  ThrottlingException: [429, "Throttling"],
  LimitExceededException: [400, "ResourceLimitExceeded"],
  ServiceFailureException: [500, "ServiceFailure"],
  ServiceUnavailableException: [503, "ServiceUnavailable"],
  // Of AWS's signature check, which comes before every service.
  MissingAuthenticationTokenException: [403, "MissingAuthenticationToken"],
  IncompleteSignatureException: [403, "IncompleteSignature"],
  InvalidSignatureException: [403, "InvalidSignature"],
  UnrecognizedClientException: [403, "UnrecognizedClient"],
  AccessDeniedException: [403, "AccessDenied"],
  UnknownOperationException: [404, "UnknownOperation"],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemName = keyof typeof PROBLEMS;

export const PROBLEM_NAMES = Object.keys(PROBLEMS) as [ProblemName, ...ProblemName[]];

/** An answer of the control plane that is not a success. */
export class ControlProblem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(readonly problem: ProblemName, message: string) {
    super(message);
    this.name = problem;
    [this.status, this.code] = PROBLEMS[problem];
  }
}
