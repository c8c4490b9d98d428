import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { brokerSettings } from "./broker-settings.ts";
import { type BrokerSettings, PactBroker } from "./pact-broker.ts";

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A server with the broker's API: it answers `status` and `body`, and records the requests. */
async function brokerThatAnswers(status: number, body: unknown) {
  const asked: Asked[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = "", url = "", headers } = request;
    asked.push({ method, url, authorization: headers.authorization, body: Buffer.concat(chunks).toString() });
    response.writeHead(status, { "content-type": "application/hal+json;charset=utf-8" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    settings: { baseUrl, authentication: { kind: "none" }, timeoutMs: 5_000 } as BrokerSettings,
  };
}

const PUBLICATION = {
  consumer: "spark",
  version: "dc5eb529",
  branch: "main",
  pacts: [{ provider: "btcturk", text: '{"consumer":{"name":"spark"}}' }],
};
const DEPLOYMENT = { pacticipant: "spark", version: "dc5eb529", environment: "production" };

describe("publishing to a Pact Broker", () => {
  it("sends every pact in the format of the broker's API, and returns the broker's notices", async () => {
    const { asked, settings } = await brokerThatAnswers(200, {
      notices: [
        { type: "success", text: "Created spark version dc5eb529 with branch main" },
        { type: "prompt", text: "Next steps: verify it." },
      ],
      _embedded: { pacticipant: { name: "spark" }, version: { number: "dc5eb529" } },
      _links: { "pb:contracts": [] },
    });
    const notices = await new PactBroker(settings).publish(PUBLICATION);
    expect(notices).toEqual(["Created spark version dc5eb529 with branch main", "Next steps: verify it."]);
    expect(asked.map(({ method, url }) => [method, url])).toEqual([["POST", "/contracts/publish"]]);
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
      pacticipantName: "spark",
      pacticipantVersionNumber: "dc5eb529",
      branch: "main",
      contracts: [
        {
          consumerName: "spark",
          providerName: "btcturk",
          specification: "pact",
          contentType: "application/json",
          content: Buffer.from('{"consumer":{"name":"spark"}}').toString("base64"),
        },
      ],
    });
  });

  it("fails when the version was published with other pacts", async () => {
    const { settings } = await brokerThatAnswers(409, {
      notices: [{ type: "error", text: "Cannot change the content of the pact for spark version dc5eb529" }],
      errors: { contracts: ["Cannot change the content of the pact for spark version dc5eb529"] },
    });
    await expect(new PactBroker(settings).publish(PUBLICATION)).rejects.toMatchObject({
      code: "pact-conflict",
      exitCode: 1,
      message: expect.stringContaining("Cannot change the content of the pact"),
    });
  });
});

describe("asking a Pact Broker whether a version may be deployed", () => {
  it.each([
    [true, "All required verification results are published and successful"],
    [
      false,
      "The verification for the pact between version dc5eb529 of spark and version 4ee0 of btcturk failed",
    ],
    [
      null,
      "There is no verified pact between version dc5eb529 of spark and the version of btcturk currently in production",
    ],
  ])("returns %s with the broker's reason", async (deployable, reason) => {
    const summary = { deployable, reason, success: 0, failed: 0, unknown: 1 };
    const { asked, settings } = await brokerThatAnswers(200, { summary, notices: [], matrix: [] });
    expect(await new PactBroker(settings).canIDeploy(DEPLOYMENT)).toEqual({ deployable, reason });
    expect(asked[0]?.url).toBe("/can-i-deploy?pacticipant=spark&version=dc5eb529&environment=production");
  });

  it.each([
    [401, "", 69, "broker-refused-credentials", /got 401/],
    [
      404,
      { error: { message: "The requested document was not found on this server." } },
      69,
      "broker-answer-unknown",
      /not found/,
    ],
    [
      400,
      { errors: { environment: ["environment with name 'production' does not exist"] } },
      64,
      "broker-refused",
      /'production' does not exist/,
    ],
    [400, { errors: ["Pacticipant spark not found"] }, 64, "broker-refused", /Pacticipant spark not found/],
    [502, "<html>Bad Gateway</html>", 69, "broker-answer-unknown", /got 502: <html>/],
    [200, "<html>Welcome</html>", 69, "broker-answer-unknown", /Expected the answer of a Pact Broker/],
  ])("is an error for %i %j, with exit code %i", async (status, body, exitCode, code, message) => {
    const { settings } = await brokerThatAnswers(status, body);
    await expect(new PactBroker(settings).canIDeploy(DEPLOYMENT)).rejects.toMatchObject({
      code,
      exitCode,
      message: expect.stringMatching(message),
    });
  });

  it("is an error when nothing listens", async () => {
    const { settings } = await brokerThatAnswers(200, {});
    const nowhere = { ...settings, baseUrl: "http://127.0.0.1:9" };
    await expect(new PactBroker(nowhere).canIDeploy(DEPLOYMENT)).rejects.toMatchObject({
      code: "broker-unreachable",
      exitCode: 69,
    });
  });

  it("is an error when no answer comes in time", async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const broker = new PactBroker({ baseUrl, authentication: { kind: "none" }, timeoutMs: 50 });
    await expect(broker.canIDeploy(DEPLOYMENT)).rejects.toMatchObject({
      code: "broker-unreachable",
      message: expect.stringContaining("got nothing in 50 ms"),
    });
  });
});

describe("the broker's variables", () => {
  const PACT_BROKER_BASE_URL = "https://broker.example.com";
  const basic = { PACT_BROKER_USERNAME: "ayse", PACT_BROKER_PASSWORD: "s3cret" };

  it.each([
    ["a token", { PACT_BROKER_TOKEN: "t0ken" }, "Bearer t0ken"],
    ["a user name and a password", basic, `Basic ${Buffer.from("ayse:s3cret").toString("base64")}`],
    ["a token before a user name", { ...basic, PACT_BROKER_TOKEN: "t0ken" }, "Bearer t0ken"],
    ["nothing", {}, undefined],
  ])("authenticate by %s", async (_, variables, authorization) => {
    const { asked, settings } = await brokerThatAnswers(200, { summary: { deployable: true, reason: "" } });
    const { authentication } = brokerSettings({ PACT_BROKER_BASE_URL, ...variables });
    await new PactBroker({ ...settings, authentication }).canIDeploy(DEPLOYMENT);
    expect(asked[0]?.authorization).toBe(authorization);
  });

  it.each([undefined, "", "broker.example.com", "ftp://broker.example.com"])(
    "are missing when the address is %j",
    (url) => {
      expect(() => brokerSettings({ PACT_BROKER_BASE_URL: url })).toThrow(/PACT_BROKER_BASE_URL/);
    },
  );
});
