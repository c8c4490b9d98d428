import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RUN_SCHEMA, type RunRecord } from "../../evidence/index.ts";
import { fixtureGate } from "../testing/gate-fixture.ts";
import { HAS_BROWSER, type OpenedReport, ReportBrowser } from "../testing/report-browser.ts";
import { fixtureRun, fixtureScenario } from "../testing/run-fixture.ts";
import { formatValue } from "./format.ts";
import { renderGateHtml } from "./gate-page.ts";

/** Two shared cores can be slow; the wait ends as soon as the condition holds. */
const PATIENCE = { timeout: 10_000 };
const HOSTILE = `</script><script>globalThis.owned=1</script><img src=x onerror="globalThis.owned=1">"'`;

describe.skipIf(!HAS_BROWSER)("the report in a browser", () => {
  let browser: ReportBrowser;
  beforeAll(async () => {
    browser = await ReportBrowser.start();
  }, 60_000);
  afterAll(() => browser?.[Symbol.asyncDispose]());

  const open = (run: RunRecord, options?: BrowserContextOptions) => browser.open(run, options);

  /** Opens a page and scrolls to its first timeline, until that is drawn. */
  async function openTimeline(run: RunRecord): Promise<OpenedReport & { readonly timeline: Locator }> {
    const opened = await open(run);
    const timeline = opened.page.locator(".scenario[open] .timeline").first();
    await timeline.scrollIntoViewIfNeeded();
    await opened.page.locator(".scenario[open] .timeline[data-drawn]").first().waitFor();
    return { ...opened, timeline };
  }

  /** The number of pixels that are drawn on a canvas. */
  const inkOf = (page: Page, selector: string) =>
    page.locator(selector).evaluateAll((canvases) =>
      canvases.map((canvas) => {
        const drawn = canvas as unknown as Drawn;
        return drawn
          .getContext("2d")
          .getImageData(0, 0, drawn.width, drawn.height)
          .data.filter((byte, index) => index % 4 === 3 && byte > 0).length;
      }),
    );

  it("opens from disk without errors and without network requests", async () => {
    const { page, complaints, requests } = await open(fixtureRun());
    for (const timeline of await page.locator(".scenario[open] .timeline").all()) {
      await timeline.scrollIntoViewIfNeeded();
    }
    await page.locator(".scenario[open] .timeline[data-drawn]").nth(1).waitFor();
    expect(complaints).toEqual([]);
    expect(requests).toEqual([page.url()]);
    await page.close();
  });

  it("shows the verdict first, in words", async () => {
    const { page } = await open(fixtureRun());
    const verdict = page.locator("#verdict");
    expect(await verdict.textContent()).toBe("FAIL");
    const box = await verdict.boundingBox();
    expect(box?.y).toBeLessThan(200);
    expect(await page.title()).toBe("FAIL: Nightly resilience run");
    await page.close();
  });

  it("contains the record that it was made from", async () => {
    const run = { ...fixtureRun(), title: HOSTILE };
    const { page } = await open(run);
    const embedded = await page.locator("#run-record").textContent();
    expect(JSON.parse(embedded ?? "")).toEqual(run);
    await page.close();
  });

  it("draws the charts of a scenario when it scrolls into view, and not before", async () => {
    const { page } = await open(fixtureRun(60));
    expect(await page.locator("canvas").count()).toBe(0);
    const section = page.locator(".scenario[open]").first();
    await section.locator(".timeline").scrollIntoViewIfNeeded();
    await section.locator(".timeline[data-drawn]").waitFor();
    expect(await section.locator("canvas").count()).toBe(5);
    for (const ink of await inkOf(page, ".scenario[open] canvas")) expect(ink).toBeGreaterThan(1_000);
    expect(await page.locator("canvas").count()).toBeLessThan(60);
    await page.close();
  });

  it("expands a passed scenario from the overview", async () => {
    const { page } = await open(fixtureRun());
    const section = page.locator(".scenario", { hasText: "db-latency" }).last();
    const name = page.locator(".scenarios a", { hasText: "db-latency" });
    await name.click();
    await page.locator(".scenario.pass[open] .timeline[data-drawn]").waitFor();
    expect(await section.count()).toBe(1);
    expect(await page.locator(".scenario.pass[open] h2").textContent()).toBe("db-latency");
    await page.close();
  });

  it("moves one cursor over all charts with the keyboard, and announces its position", async () => {
    const { page, timeline } = await openTimeline(fixtureRun());
    await timeline.focus();
    await page.keyboard.press("Home");
    for (let press = 0; press < 3; press++) await page.keyboard.press("Shift+ArrowRight");
    const readout = timeline.locator(".readout");
    await expect.poll(() => readout.textContent(), PATIENCE).toMatch(/^7\.50 s · fault · answers dropped/);
    const { columns } = fixtureScenario("binance-ack-lost").samples;
    const expected = columns.map(({ values, unit }) => formatValue(values[30] ?? null, unit));
    expect(await timeline.locator(".key-value").allTextContents()).toEqual(expected);
    expect(await timeline.locator("[data-trigger] .lane-note:visible").allTextContents()).toEqual(["firing"]);
    await page.keyboard.press("Escape");
    await expect.poll(() => readout.textContent(), PATIENCE).toMatch(/^Point at it/);
    for (const text of await timeline.locator(".key-value").allTextContents()) expect(text).toMatch(/^max /);
    await page.close();
  });

  it("shows values under the pointer, over charts and lanes alike", async () => {
    const { page, timeline } = await openTimeline(fixtureRun());
    await timeline.locator(".u-over").first().hover();
    await expect
      .poll(() => timeline.locator(".readout").textContent(), PATIENCE)
      .toMatch(/^9\.\d\d s · fault/);
    await timeline
      .locator(".lanes .track")
      .first()
      .hover({ position: { x: 20, y: 5 } });
    await expect
      .poll(() => timeline.locator(".readout").textContent(), PATIENCE)
      .toMatch(/^0\.\d\d s · warm up/);
    await page.close();
  });

  it("aligns the lanes with the charts, whatever the width", async () => {
    const { page, timeline } = await openTimeline(fixtureRun());
    const { injectedAtMs = 0, healedAtMs } = fixtureScenario("binance-ack-lost").faults[0] ?? {};
    const spanMs = Number(await timeline.getAttribute("data-span-ms"));
    for (const width of [1_280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await expect
        .poll(async () => {
          const bar = await timeline.locator(".bar.fault:not(.phase)").boundingBox();
          const overs = await timeline.locator(".u-over").all();
          const plots = await Promise.all(overs.map((over) => over.boundingBox()));
          return plots.map((plot) => {
            if (bar === null || plot === null) return false;
            const errorPx = (atMs: number, x: number) => Math.abs(plot.x + (atMs / spanMs) * plot.width - x);
            return errorPx(injectedAtMs, bar.x) < 2 && errorPx(healedAtMs ?? 0, bar.x + bar.width) < 2;
          });
        }, PATIENCE)
        .toEqual([true, true, true, true, true]);
    }
    await page.close();
  });

  it("unfolds the triggers that stayed quiet", async () => {
    const { page, timeline } = await openTimeline(fixtureRun());
    expect(await timeline.locator("[data-trigger]:visible").count()).toBe(1);
    await timeline.locator(".quiet-lanes > summary").click();
    await expect.poll(() => timeline.locator("[data-trigger]:visible").count(), PATIENCE).toBe(5);
    await page.close();
  });

  it("hides a series, and filters scenarios", async () => {
    const { page, timeline } = await openTimeline(fixtureRun());
    const before = await inkOf(page, ".scenario[open] canvas");
    const key = timeline.locator(".key", { hasText: "P99" }).first();
    await key.click();
    expect(await key.getAttribute("aria-pressed")).toBe("false");
    await expect
      .poll(async () => (await inkOf(page, ".scenario[open] canvas"))[0], PATIENCE)
      .not.toBe(before[0]);
    await page.locator("#filter").fill("postgres late");
    expect(await page.locator(".scenarios tbody tr:visible a").allTextContents()).toEqual(["db-latency"]);
    expect(await page.locator(".scenario:visible h2").allTextContents()).toEqual(["db-latency"]);
    await page.close();
  });

  it("redraws, in other colors, when the system switches to dark mode", async () => {
    const { page, complaints } = await openTimeline(fixtureRun());
    const canvas = page.locator(".scenario[open] canvas").first();
    const pixels = () => canvas.evaluate((drawn) => (drawn as unknown as Drawn).toDataURL());
    const light = await pixels();
    const count = await page.locator("canvas").count();
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(pixels, PATIENCE).not.toBe(light);
    expect(await page.locator("canvas").count()).toBe(count);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("copies the command that repeats a scenario", async () => {
    const { page, complaints } = await open(fixtureRun());
    const command = page.locator(".scenario[open] .command").first();
    await command.locator("button").click();
    // The browser decides whether a page from disk may write to the clipboard; only the
    // selection is the page's.
    await expect.poll(() => command.locator("button").textContent(), PATIENCE).toMatch(/^(Copied|Selected)$/);
    expect(await page.evaluate("getSelection().toString()")).toBe(
      "npm start -- run binance-ack-lost --seed 7003",
    );
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("shows hostile texts as texts, everywhere", async () => {
    const poisoned = JSON.parse(JSON.stringify(fixtureRun()), (_key, value) =>
      typeof value === "string" && !KEPT.has(value) ? `${value}${HOSTILE}` : value,
    );
    const { page, complaints, requests } = await open({ ...poisoned, startedAt: HOSTILE, endedAt: HOSTILE });
    await page.locator(".scenario[open] .timeline").first().scrollIntoViewIfNeeded();
    await page.locator(".scenario[open] .timeline[data-drawn]").first().waitFor();
    expect(await page.evaluate("globalThis.owned")).toBeUndefined();
    expect(await page.locator("img, script:not([type])").count()).toBe(3);
    expect(complaints).toEqual([]);
    expect(requests).toEqual([page.url()]);
    await page.close();
  });

  it("runs no script but its own, even if one got past the escaping", async () => {
    const { page, complaints } = await open(fixtureRun());
    const smuggled = '<img src="x:" onerror="globalThis.owned=1">';
    await page.evaluate(`document.body.insertAdjacentHTML("beforeend", '${smuggled}')`);
    await expect.poll(() => complaints.join("\n"), PATIENCE).toMatch(/inline event handler violates/);
    expect(await page.evaluate("globalThis.owned")).toBeUndefined();
    await page.close();
  });

  it("fits a phone, in the dark as well", async () => {
    const { page, complaints } = await open(fixtureRun(), {
      viewport: { width: 390, height: 844 },
      colorScheme: "dark",
    });
    await page.locator("#open-all").click();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("fits a phone as a gate's page too, whatever the length of the target's name", async () => {
    const target = `/home/mara/${"longfolder".repeat(6)}/`;
    const { page, complaints } = await browser.openPage(renderGateHtml(fixtureGate([], { target })), {
      viewport: { width: 390, height: 844 },
    });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("says so when there is nothing to show", async () => {
    const empty: RunRecord = { ...fixtureRun(), scenarios: [], verdict: "inconclusive" };
    const nothing = await open(empty);
    expect(await nothing.page.locator("main").textContent()).toContain("No scenario was run.");
    const scenario = {
      ...fixtureScenario("feed-silent"),
      ...{ phases: [], faults: [], triggers: [], checks: [], logs: [], samples: { atMs: [], columns: [] } },
    };
    const bare = await open({ ...empty, scenarios: [scenario] });
    expect(await bare.page.locator("main").textContent()).toContain("No samples were taken.");
    expect([...nothing.complaints, ...bare.complaints]).toEqual([]);
    await nothing.page.close();
    await bare.page.close();
  });
});

/** The used part of a canvas; the DOM's own types are not loaded. */
interface Drawn {
  readonly width: number;
  readonly height: number;
  toDataURL(): string;
  getContext(kind: "2d"): Pixels;
}

interface Pixels {
  getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
}

/** Fields with fixed values: changing them would make the record invalid, not hostile. */
const KEPT: ReadonlySet<string> = new Set([
  ...[RUN_SCHEMA, "pass", "fail", "inconclusive", "fires", "quiet", "either", "counted", "unknown"],
  ...["no-data", "inactive", "pending", "firing", "ms", "s", "%", "1/s"],
  ...["rate", "latency", "cpu", "errors", "staleness", "event-loop", "pool"],
]);
