import type { WireRequest } from "../server.ts";
import { ControlProblem, type ProblemName } from "./problem.ts";
import {
  type Credential as KeyPair,
  SignatureError,
  type SignatureFault,
  verifySignature,
} from "./sigv4.ts";

export interface Credential extends KeyPair {
  /** Given for temporary credentials only; must then be sent as `x-amz-security-token`. */
  readonly sessionToken?: string;
}

export interface SignatureRules {
  readonly credentials: readonly Credential[];
  readonly region: string;
  /** The machine's time in milliseconds. */
  readonly now: number;
  readonly clockSkewMs: number;
}

const PROBLEMS: Readonly<Partial<Record<SignatureFault, ProblemName>>> = {
  "missing": "MissingAuthenticationTokenException",
  "incomplete": "IncompleteSignatureException",
  "unknown key": "UnrecognizedClientException",
};

/** Checks a request's signature. Throws the `ControlProblem` that AWS answers. */
export function checkSignature(request: WireRequest, rules: SignatureRules): void {
  try {
    const signer = verifySignature(request, rules.credentials, rules.now, rules.clockSkewMs);
    if (signer.region !== rules.region) {
      throw new SignatureError(
        "wrong signature",
        "Credential should be scoped to a valid region.",
      );
    }
    if (signer.service !== "chime") {
      throw new SignatureError(
        "wrong signature",
        "Credential should be scoped to correct service: 'chime'.",
      );
    }
    if (request.headers["x-amz-security-token"] !== signer.credential.sessionToken) {
      throw new SignatureError(
        "unknown key",
        "The security token included in the request is invalid.",
      );
    }
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    throw new ControlProblem(PROBLEMS[error.fault] ?? "InvalidSignatureException", error.message);
  }
}
