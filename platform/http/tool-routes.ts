import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { CSP_DIRECTIVES } from "../metrics.ts";
import type { HttpContext } from "./context.ts";
import { requireToken } from "./reset-guard.ts";
import { CSP_REPORT_PATH } from "./security-headers.ts";

const flag = z
  .enum(["true", "false"])
  .default("false")
  .transform((text) => text === "true");
const killSwitchQuery = z.object({
  dry_run: flag,
  enable: flag,
  scope: z.enum(["canary", "global"]).default("global"),
});
const actor = z.string().trim().min(1).max(200);
const reason = z.string().max(1_000).default("");

/** The kill switch, the browsers' CSP reports and, where enabled, the reset. */
export function addToolRoutes(server: FastifyInstance, context: HttpContext): void {
  server.post("/api/tools/kill-switch", async (request, reply) => {
    const who = actor.safeParse(request.headers["x-actor"]);
    if (!who.success) {
      return reply.code(400).send({
        error: "actor_required",
        message: "Expected an X-Actor header with the user of the kill switch.",
      });
    }
    const query = killSwitchQuery.parse(request.query);
    const use = {
      actor: who.data,
      reason: reason.parse(request.headers["x-reason"]),
      scope: query.scope,
      enabled: query.enable,
      dryRun: query.dry_run,
    };
    const { killSwitch } = context.instance();
    const audited = await killSwitch.use(use);
    return {
      dryRun: use.dryRun,
      scope: use.scope,
      actor: use.actor,
      reason: use.reason,
      wouldEnable: use.enabled,
      execution: { enabled: killSwitch.executionEnabled },
      // False while the database is unavailable: the switch has taken effect, and its audit row is written
      // later.
      audited,
    };
  });

  server.post(CSP_REPORT_PATH, async (request, reply) => {
    for (const reported of violatedDirectives(request.body)) {
      // DEFECT report-labels
      const isLabel = context.config.defects.has("report-labels");
      context.metrics.cspViolations.inc({ directive: isLabel ? (reported ?? "other") : known(reported) });
    }
    return reply.code(204).send();
  });

  const { resetToken } = context.config;
  if (resetToken === null) return;
  server.post("/internal/reset", { onRequest: requireToken(resetToken) }, async () => {
    const startedAtMs = performance.now();
    await context.reset();
    return { event: "reset", durationMs: Math.round(performance.now() - startedAtMs) };
  });
}

const legacyReport = z.object({
  "csp-report": z.object({
    "effective-directive": z.string().optional(),
    "violated-directive": z.string().optional(),
  }),
});
const reports = z.array(
  z.object({ type: z.string(), body: z.object({ effectiveDirective: z.string().optional() }).optional() }),
);
const KNOWN: ReadonlySet<string> = new Set(CSP_DIRECTIVES);

/**
 * The directives that a report names, in either format (`report-uri` or `report-to`).
 */
function violatedDirectives(body: unknown): readonly (string | undefined)[] {
  const legacy = legacyReport.safeParse(body);
  if (legacy.success) {
    const report = legacy.data["csp-report"];
    return [report["effective-directive"] ?? report["violated-directive"]];
  }
  const modern = reports.safeParse(Array.isArray(body) ? body : [body]);
  if (!modern.success) return [undefined];
  const violations = modern.data.filter((report) => report.type === "csp-violation");
  return violations.map((report) => report.body?.effectiveDirective);
}

/** Unknown directives are `other`, since each label value is a series. */
function known(directive: string | undefined): string {
  const name = directive?.split(" ")[0] ?? "other";
  return KNOWN.has(name) ? name : "other";
}
