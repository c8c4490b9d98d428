import { EXIT_CODE, KanitError, type Verdict } from "../../core/index.ts";
import type { Mismatch } from "../matching/run-verifier.ts";

/** One way in which a provider differs from a pact. */
interface Violation extends Mismatch {
  /** The interaction, with its states. */
  readonly interaction: string;
}

/** The result of verifying one provider. */
export interface PactVerification {
  readonly provider: string;
  /** The interactions that passed. */
  readonly kept: readonly string[];
  readonly notVerified: readonly { readonly interaction: string; readonly reason: string }[];
  readonly violations: readonly Violation[];
}

/**
 * A violation is a fail; a verification with something unverified, or without any interaction, is
 * inconclusive.
 */
export function verdictOf({ kept, notVerified, violations }: PactVerification): Verdict {
  if (violations.length > 0) return "fail";
  return notVerified.length > 0 || kept.length === 0 ? "inconclusive" : "pass";
}

/** A violation on one line: the interaction, the place in it, what was expected and what came. */
function violationLine({ interaction, field, expected, received }: Violation): string {
  return `${interaction}: ${field}: expected ${expected}, received ${received}`;
}

/** A provider violates its pact. */
export class ContractViolationError extends KanitError {
  override readonly name = "ContractViolationError";
  readonly verification: PactVerification;

  constructor(verification: PactVerification) {
    const { provider, violations } = verification;
    const count = violations.length === 1 ? "1 difference" : `${violations.length} differences`;
    super({
      code: "contract-violated",
      message: `Expected ${provider} to keep to the pact, got ${count}:\n  ${violations.map(violationLine).join("\n  ")}`,
      nextStep: "Correct the provider, or the platform and then the pact (docs/contracts.md).",
      exitCode: EXIT_CODE.fail,
    });
    this.verification = verification;
  }
}
