import { requestHttp } from "../../network/index.ts";
import { defineCheck } from "../engine/check.ts";
import { stoppedTrading } from "./stopped-trading.ts";

/** Is each flag set, and to what the release says? */
export const featureFlags = defineCheck({
  id: "feature-flag-defaults",
  title: "Feature flag defaults",
  question: "Does each flag have an explicit value, and is it the one that the release says?",
  risk: "A flag without a value takes the default of some library, or of the last incident.",
  command: `curl -s "$TARGET/api/features/status" | jq .`,
  passes: "each flag that the platform shows has an explicit value in the release, and both are the same",
  fix: "Set the flag, or write its value under features.defaults in release.yml.",
  evidence: ["feature_flags_{release}.txt"],
  deadlineMs: 10_000,
  maxAgeMs: 60_000,
  needs: ["features"],
  mutant: stoppedTrading,
  observe: async ({ features }, { clock, signal, target }) => {
    const asOfMs = clock.nowMs();
    const answer = await requestHttp(features.url, { signal, allowedHosts: target.allowedHosts });
    if (!answer.ok)
      throw new Error(`Expected the flags at ${features.url.pathname}, got status ${answer.status}.`);
    const shown = flagsIn(parseJson(answer.text, features.url.pathname), "");
    const expected = Object.entries(features.defaults);
    return {
      expected: expected.map(([name]) => name),
      examined: [...shown.keys()],
      acts: [],
      asOfMs,
      violations: [
        ...expected
          .filter(([name, value]) => shown.has(name) && shown.get(name) !== value)
          .map(([name, value]) => `${name} is ${shown.get(name)}, the release says ${value}`),
        ...[...shown]
          .filter(([name]) => features.defaults[name] === undefined)
          .map(([name, value]) => `${name} is ${value}, but the release does not say what it must be`),
      ],
      unclear: [],
      summary: [...shown].map(([name, value]) => `${name}=${value}`).join(", "),
      texts: [
        [...shown]
          .map(([name, value]) => `${name}\t${value}\texpected ${features.defaults[name] ?? "(nothing)"}\n`)
          .join(""),
      ],
    };
  },
});

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`Expected JSON at ${path}, got ${JSON.stringify(text.slice(0, 40))}.`);
  }
}

/** All booleans of a document, by the path to them: `execution.enabled`. A flag without a value is null. */
function flagsIn(value: unknown, path: string): ReadonlyMap<string, boolean | null> {
  if (typeof value === "boolean" || value === null) return new Map([[path, value]]);
  if (typeof value !== "object") return new Map();
  const inner = Object.entries(value).map(([key, part]) =>
    flagsIn(part, path === "" ? key : `${path}.${key}`),
  );
  return new Map(inner.flatMap((each) => [...each]));
}
