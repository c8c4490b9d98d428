import { UnavailableError } from "../../core/index.ts";
import type { BrokerSettings } from "./pact-broker.ts";

const TIMEOUT_MS = 15_000;

/**
 * Reads the environment variables of Pact's own tools. A token takes precedence over a user name.
 *
 * @throws UnavailableError `no-broker` without `PACT_BROKER_BASE_URL`.
 */
export function brokerSettings(environment: Readonly<Record<string, string | undefined>>): BrokerSettings {
  const {
    PACT_BROKER_BASE_URL: baseUrl = "",
    PACT_BROKER_TOKEN: token = "",
    PACT_BROKER_USERNAME: username = "",
    PACT_BROKER_PASSWORD: password = "",
  } = environment;
  if (!URL.canParse(baseUrl) || !/^https?:/.test(baseUrl)) {
    throw new UnavailableError({
      code: "no-broker",
      message: `Expected the address of a Pact Broker in PACT_BROKER_BASE_URL, got ${JSON.stringify(baseUrl)}.`,
      nextStep: "Set it, as in PACT_BROKER_BASE_URL=https://broker.example.com.",
    });
  }
  if (token !== "") return { baseUrl, authentication: { kind: "token", token }, timeoutMs: TIMEOUT_MS };
  if (username === "") return { baseUrl, authentication: { kind: "none" }, timeoutMs: TIMEOUT_MS };
  return { baseUrl, authentication: { kind: "basic", username, password }, timeoutMs: TIMEOUT_MS };
}
