import { InvalidArgumentError } from "commander";

/** Reads a whole number of an option; commander names the option in its message. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError("Expected a whole number.");
  return value;
}

/** Reads a number above zero. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError("Expected a number above 0.");
  }
  return value;
}

/** Collects an option that may be given several times. */
export function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}
