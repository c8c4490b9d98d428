import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PactV4, SpecificationVersion } from "@pact-foundation/pact";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BinanceRest, BtcturkRest, Metrics, VenueLink } from "../../platform/index.ts";
import { PACTS } from "../matching/pact-file.ts";
import { BINANCE_HTTP } from "./binance-http.ts";
import { BTCTURK_HTTP } from "./btcturk-http.ts";
import { FRAME_CONTRACTS } from "./frame-contract.ts";
import { type ConnectVenue, exerciseContract } from "./http-contract.ts";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kanit-pacts-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

const pactWith = (provider: string) =>
  new PactV4({
    consumer: "spark",
    provider,
    dir: directory,
    spec: SpecificationVersion.SPECIFICATION_VERSION_V4,
    logLevel: "error",
  });

const connect =
  (name: "binance" | "btcturk"): ConnectVenue =>
  (restUrl) => {
    const config = {
      restUrl,
      webSocketUrl: "",
      key: "key",
      secret: Buffer.from("secret").toString("base64"),
    };
    const link = new VenueLink({ venue: name, config, timeoutMs: 5_000, metrics: new Metrics() });
    return { link, venue: name === "binance" ? new BinanceRest(link) : new BtcturkRest(link) };
  };

describe("the platform calls Binance", () => {
  it.each(BINANCE_HTTP)("$description", async (contract) => {
    await exerciseContract(pactWith("binance-spot"), contract, connect("binance"));
  });
});

describe("the platform calls BTCTurk", () => {
  it.each(BTCTURK_HTTP)("$description", async (contract) => {
    await exerciseContract(pactWith("btcturk"), contract, connect("btcturk"));
  });
});

describe("the platform receives", () => {
  it.each(FRAME_CONTRACTS)(
    "from $provider $description",
    async ({ provider, description, content, exercise }) => {
      await pactWith(provider)
        .addAsynchronousInteraction()
        .expectsToReceive(description, (builder) => {
          builder.withJSONContent(content);
        })
        .executeTest(async (message) => exercise(JSON.stringify(message.contents.content)));
    },
  );
});

describe("the committed pacts", () => {
  // `vitest run --project unit contracts/consumer --update` writes the pacts.
  it.each(["spark-binance-spot.json", "spark-btcturk.json"])(
    "%s is what the platform's calls write",
    async (name) => {
      const { metadata, ...pact } = JSON.parse(await readFile(join(directory, name), "utf8"));
      // The versions of the tool that wrote a pact are not part of the contract.
      const { pactSpecification } = metadata;
      const text = `${JSON.stringify({ ...pact, metadata: { pactSpecification } }, null, 2)}\n`;
      await expect(text).toMatchFileSnapshot(join(PACTS, name));
    },
  );
});
