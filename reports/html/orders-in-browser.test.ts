import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OrderRecord, RunRecord } from "../../evidence/index.ts";
import { HAS_BROWSER, ReportBrowser } from "../testing/report-browser.ts";
import { fixtureRun } from "../testing/run-fixture.ts";

describe.skipIf(!HAS_BROWSER)("a report with the histories of orders, in a browser", () => {
  let browser: ReportBrowser;
  beforeAll(async () => {
    browser = await ReportBrowser.start();
  }, 60_000);
  afterAll(() => browser?.[Symbol.asyncDispose]());

  it("draws everything that is open without scrolling, for a capture of the whole page", async () => {
    const { page } = await browser.open(fixtureRun());
    const timelines = page.locator(".scenario[open] .timeline");
    const drawn = page.locator(".scenario[open] .timeline[data-drawn]");
    // Counted from here: the page's policy refuses a condition that would be evaluated inside it.
    await expect.poll(() => drawn.count(), { timeout: 10_000 }).toBe(await timelines.count());
    expect(await page.locator("canvas").count()).toBe((await timelines.count()) * 5);
    await page.close();
  });

  it("finds an order by its key, and unfolds it when a check links to it", async () => {
    const { page } = await browser.open(withOrders(fixtureRun()));
    const link = page.locator(".histories a").first();
    await link.scrollIntoViewIfNeeded();
    await link.click();
    expect(await page.locator(".order[open]").first().textContent()).toContain("POST /api/orders");
    const field = page.locator(".order-filter").first();
    await field.fill("key-2");
    expect(await page.locator(".order:visible").count()).toBe(1);
    await field.fill("nothing like it");
    expect(await page.locator(".orders .empty:visible").count()).toBe(1);
    await page.close();
  });
});

/** The run with two orders in its first failed scenario, one of them linked from a check. */
function withOrders(run: RunRecord): RunRecord {
  const order = (id: number, standing: OrderRecord["standing"]): OrderRecord => ({
    ...{ id: `binance client-${id}`, standing, venue: "binance", symbol: "BTCUSDT", side: "buy" },
    ...{ quantity: "0.01", price: null, idempotencyKey: `key-${id}`, venueOrders: [] },
    steps: [{ atMs: 100, endMs: 120, actor: "client", text: "POST /api/orders → 201 FILLED" }],
    platform: {
      ...{
        orderId: `o-${id}`,
        clientOrderId: `client-${id}`,
        status: "FILLED",
        executedQuantity: "0.01",
        fills: 1,
      },
    },
  });
  const orders = { listed: [order(1, "under-fault"), order(2, "undisturbed")], omitted: 0 };
  return {
    ...run,
    scenarios: run.scenarios.map((scenario) => ({
      ...scenario,
      orders,
      checks: scenario.checks.map((check) => ({ ...check, orders: ["client-1"] })),
    })),
  };
}
