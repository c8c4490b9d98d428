import { type DestinationStream, destination, type Level, type Logger, pino } from "pino";

export type { Logger };

/** The log: pino's JSON lines on standard error; standard output carries only the line with the address. */
export function openLog(
  level: Level | "silent",
  stream: DestinationStream = destination({ dest: 2, sync: true }),
): Logger {
  return pino(
    {
      level,
      base: { service: "spark" },
      // No code logs these deliberately; this covers a careless `log.info({ config })`.
      redact: {
        paths: [
          "resetToken",
          "*.resetToken",
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
