import { METRIC_NAME } from "../../labels.ts";
import { anchoredReplacement } from "../../re2.ts";
import { quoteText } from "../../text-quote.ts";
import type { Value, VectorSample } from "../value.ts";
import { type CallContext, mapSamples, type PromqlFunction, textAt, vectorAt } from "./promql-function.ts";

const labelReplace: PromqlFunction = {
  name: "label_replace",
  args: ["vector", "string", "string", "string", "string"],
  optional: 0,
  returns: "vector",
  evaluate(args, context) {
    const [destination, replacement, source, regex] = [1, 2, 3, 4].map((position) =>
      textAt(args, position),
    ) as [string, string, string, string];
    checkLabelName(destination, "destination", "label_replace", context);
    const change = context.remember(() => compile(regex, replacement, context));
    const references = replacement.split("$").length - 1;
    return mapSamples(vectorAt(args, 0), (sample) => {
      const text = sample.labels.get(source);
      checkLength(replacement.length + references * text.length, "label_replace", context);
      const changed = change(text);
      return changed === undefined ? sample : withLabel(sample, destination, changed);
    });
  },
};

const labelJoin: PromqlFunction = {
  name: "label_join",
  args: ["vector", "string", "string", "string"],
  optional: "repeat",
  returns: "vector",
  evaluate(args, context) {
    const [destination, separator] = [textAt(args, 1), textAt(args, 2)];
    checkLabelName(destination, "destination", "label_join", context);
    const sources = args.slice(3).map((_value: Value, index) => textAt(args, index + 3));
    for (const source of sources) checkLabelName(source, "source", "label_join", context);
    return mapSamples(vectorAt(args, 0), (sample) => {
      const texts = sources.map((source) => sample.labels.get(source));
      const length = texts.reduce((sum, text) => sum + text.length + separator.length, 0);
      checkLength(length, "label_join", context);
      return withLabel(sample, destination, texts.join(separator));
    });
  },
};

/** The functions that change labels. */
export const LABEL_CHANGES: readonly PromqlFunction[] = [labelReplace, labelJoin];

function withLabel(sample: VectorSample, name: string, value: string): VectorSample {
  const dropName = name === METRIC_NAME ? false : sample.dropName;
  return { ...sample, labels: sample.labels.with(name, value), dropName };
}

function compile(
  regex: string,
  replacement: string,
  context: CallContext,
): (text: string) => string | undefined {
  try {
    return anchoredReplacement(regex, replacement);
  } catch {
    return context.fail(`invalid regular expression in label_replace(): ${regex}`);
  }
}

/** Of a value that a function makes. Nested calls could double it each time, up to all memory. */
const MAX_VALUE_LENGTH = 65_536;

/** `length`: the most that the value can have. */
function checkLength(length: number, functionName: string, context: CallContext): void {
  if (length > MAX_VALUE_LENGTH)
    context.fail(`a label value of more than ${MAX_VALUE_LENGTH} characters in ${functionName}()`);
}

function checkLabelName(name: string, role: string, functionName: string, context: CallContext): void {
  if (name === "" || !name.isWellFormed()) {
    context.fail(`invalid ${role} label name in ${functionName}(): ${quoteText(name).slice(1, -1)}`);
  }
}
