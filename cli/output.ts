/** The output of a command. Injected, so that a test can read what a user would see. */
export interface Output {
  /** A line of the command's result. */
  line(text: string): void;
  /** Shows a line of progress. On a terminal the next line replaces it; elsewhere it is not shown. */
  status(text: string): void;
}

const CLEAR_LINE = "\r\x1b[2K";

/**
 * The process's own standard output and, for progress, standard error.
 *
 * @param filter removes secrets; applied before a line is cut to the terminal's width.
 */
export function processOutput(interactive: boolean, filter: (text: string) => string): Output {
  let isStatusVisible = false;
  const clear = () => {
    if (isStatusVisible) process.stderr.write(CLEAR_LINE);
    isStatusVisible = false;
  };
  return {
    line: (text) => {
      clear();
      process.stdout.write(`${filter(text)}\n`);
    },
    status: (text) => {
      if (!interactive) return;
      const width = process.stderr.columns ?? 100;
      process.stderr.write(`${CLEAR_LINE}${filter(text).slice(0, width - 1)}`);
      isStatusVisible = true;
    },
  };
}
