/** The warning with which a defect of the stubs is reported on stderr. */
export const DEFECT_WARNING = "ExchangeStubDefect";

/**
 * Reports an exception of a callback that nobody awaits. One client's message has triggered a defect of the
 * stub: other clients are not affected, and the defect is visible.
 */
export function reportDefect(cause: unknown): void {
  const detail = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  process.emitWarning("A callback of the exchange stubs threw; its client was disconnected.", {
    type: DEFECT_WARNING,
    detail,
  });
}
