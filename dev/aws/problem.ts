/** An error as AWS answers it: status, code, sentence. */
export class AwsProblem extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }
}
