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
      activeAt: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
      value: z.string().transform(Number),
    }),
  ),
});

/** The envelope of every answer. */
export const envelope = z.discriminatedUnion("status", [
  z.object({ status: z.literal("success"), data: z.unknown(), warnings: z.array(z.string()).default([]) }),
  z.object({ status: z.literal("error"), errorType: z.string(), error: z.string() }),
]);
