export class AwsProblem extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }
}

/** CloudFormation's error for a request that it refuses. */
export function invalid(message: string): AwsProblem {
  return new AwsProblem(400, "ValidationError", message);
}
