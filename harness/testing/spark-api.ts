import { fileURLToPath } from "node:url";
import { MappedApi, type MappedApiDefinition, QuoteMessages, requestClient } from "../../api/index.ts";
import { readPlatformDefinition } from "../../definition/index.ts";

const SPARK = fileURLToPath(new URL("../../platform/platform.yml", import.meta.url));

/** Spark's API as its definition describes it: pages in tests answer in its form. */
export const SPARK_API: MappedApiDefinition = await sparkApi();

async function sparkApi(): Promise<MappedApiDefinition> {
  const { api } = await readPlatformDefinition(SPARK);
  if (api.driver !== null) throw new TypeError("Expected Spark's API to be mapped.");
  return api;
}

/** Speaks Spark's API to a page. */
export function sparkAt(url: string): MappedApi {
  return new MappedApi(SPARK_API, requestClient(url, 5_000));
}

/** Reads the messages of Spark's quote stream. */
export function sparkQuotes(): QuoteMessages {
  if (SPARK_API.quoteStream === null) throw new TypeError("Expected a quote stream of Spark's, got none.");
  return new QuoteMessages(SPARK_API.quoteStream, SPARK_API);
}
