import { type DestinationStream, destination, type Level, type Logger, pino } from "pino";

export type { Logger };

/** The log: pino's JSON lines on standard error, so that standard output carries nothing but the listening line. */
export function openLog(
  level: Level | "silent",
  stream: DestinationStream = destination({ dest: 2, sync: true }),
): Logger {
  return pino(
    {
      level,
      base: { service: "spark" },
      // Nothing logs these on purpose; a careless `log.info({ config })` must not leak them either.
      redact: {
        paths: [
          "key",
          "secret",
          "*.key",
          "*.secret",
          "config.*.key",
          "config.*.secret",
          "url",
          "*.url",
          "config.*.url",
        ],
        censor: "[redacted]",
      },
    },
    stream,
  );
}
