import type { Gate } from "../engine/gate.ts";
import { cspFlood } from "./csp-flood.ts";
import { cspNonce } from "./csp-nonce.ts";
import { decimalRounding } from "./decimal-rounding.ts";
import { decimalTickDrift } from "./decimal-tick-drift.ts";
import { hstsPreloadTrap } from "./hsts-preload-trap.ts";
import { idempotencyBurst } from "./idempotency-burst.ts";
import { idempotencyKeyGrowth } from "./idempotency-key-growth.ts";
import { licenseDrift } from "./license-drift.ts";
import { outboxClockSkew } from "./outbox-clock-skew.ts";
import { outboxStuckEvents } from "./outbox-stuck-events.ts";
import { poolModeMismatch } from "./pool-mode-mismatch.ts";
import { sbomAttached } from "./sbom-attached.ts";
import { silentAlerts } from "./silent-alerts.ts";
import { uniqueIndexCollation } from "./unique-index-collation.ts";
import { walArchiving } from "./wal-archiving.ts";

/**
 * The expensive mistakes, then the corner cases, in the order of the requirement. A drill has seen each of
 * them fail.
 */
export const RED_TEAM: Gate = {
  name: "red-team",
  title: "Red team",
  question: "Is none of the mistakes there that are cheap to look for and expensive to make?",
  checks: [
    uniqueIndexCollation,
    idempotencyKeyGrowth,
    outboxStuckEvents,
    hstsPreloadTrap,
    poolModeMismatch,
    cspNonce,
    decimalRounding,
    walArchiving,
    silentAlerts,
    sbomAttached,
    idempotencyBurst,
    decimalTickDrift,
    outboxClockSkew,
    cspFlood,
    licenseDrift,
  ],
  summaryFile: "red_team_pass_{release}.txt",
  limitMs: 600_000,
};
