/** The warning by which a defect of the stubs is reported on stderr. */
export const DEFECT_WARNING = "ExchangeStubDefect";

/**
 * Reports what a callback threw that nobody awaits. One client's message has met a defect of the stub: the others
 * go on, and the defect is seen.
 */
export function reportDefect(cause: unknown): void {
  const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  process.emitWarning("A callback of the exchange stubs threw; its client was disconnected.", {
    type: DEFECT_WARNING,
    detail,
  });
}
