import { z } from "zod";

/** A number as Prometheus writes it: as text, because JSON has no NaN and infinities. */
const number = z.string().transform((text, context) => {
  if (text === "+Inf" || text === "-Inf")
    return text === "+Inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  const value = Number(text);
  if (text !== "NaN" && (text.trim() === "" || Number.isNaN(value))) {
    context.addIssue({ code: "custom", message: `expected a number, got ${JSON.stringify(text)}` });
  }
  return value;
});
const point = z.tuple([z.number(), number]);
const labels = z.record(z.string(), z.string());

const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

/** `data` of `/api/v1/query`. Native histograms have no `value`, so this schema refuses them. */
export const queryData = z.discriminatedUnion("resultType", [
  z.object({ resultType: z.literal("vector"), result: z.array(z.object({ metric: labels, value: point })) }),
  z.object({ resultType: z.literal("scalar"), result: point }),
]);

/** `data` of `/api/v1/query_range`. */
export const rangeData = z.object({
  resultType: z.literal("matrix"),
  result: z.array(z.object({ metric: labels, values: z.array(point) })),
});

/** `data` of `/api/v1/alerts`. */
export const alertsData = z.object({
  alerts: z.array(
    z.object({
      labels,
      annotations: labels.default({}),
      state: z.enum(["pending", "firing"]),
      activeAt: moment,
      value: z.string().transform(Number),
    }),
  ),
});

/** `data` of `/api/v1/rules`. */
export const rulesData = z.object({
  groups: z.array(
    z.object({
      interval: z.number(),
      rules: z.array(
        z.discriminatedUnion("type", [
          z.object({
            type: z.literal("alerting"),
            name: z.string(),
            query: z.string(),
            duration: z.number(),
            labels: labels.default({}),
            health: z.enum(["ok", "err", "unknown"]),
            lastError: z.string().default(""),
            lastEvaluation: moment,
          }),
          z.object({ type: z.literal("recording") }),
        ]),
      ),
    }),
  ),
});

/** `data` of `/api/v1/targets`. */
export const targetsData = z.object({
  activeTargets: z.array(
    z.object({
      labels,
      scrapeUrl: z.string().default(""),
      health: z.enum(["up", "down", "unknown"]),
      lastError: z.string().default(""),
      lastScrape: moment,
      scrapeInterval: z.string().default(""),
    }),
  ),
});

/** `data` of `/api/v1/alertmanagers`. */
export const alertmanagersData = z.object({ activeAlertmanagers: z.array(z.object({ url: z.string() })) });

const notes = z.array(z.string()).default([]);

/** The envelope of an answer. Servers that are like Prometheus state in it that data are missing. */
export const successEnvelope = z.object({
  status: z.literal("success"),
  data: z.unknown(),
  warnings: notes,
  infos: notes,
  isPartial: z.boolean().default(false),
});

/** The envelope of every answer. */
export const envelope = z.discriminatedUnion("status", [
  successEnvelope,
  z.object({ status: z.literal("error"), errorType: z.string(), error: z.string() }),
]);
