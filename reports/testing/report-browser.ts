import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import type { RunRecord } from "../../evidence/index.ts";
import { renderHtml } from "../html/run-page.ts";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = BROWSERS.find((path) => existsSync(path));

/** Whether reports can be opened here; tests that need it are skipped otherwise, visibly in the summary. */
export const HAS_BROWSER = executablePath !== undefined;

/** A page opened from disk, with its console errors and its network requests. */
export interface OpenedReport {
  readonly page: Page;
  readonly complaints: string[];
  readonly requests: string[];
}

/** A browser in which reports are opened as a reader would, from files. */
export class ReportBrowser implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #folder: string;

  private constructor(browser: Browser, folder: string) {
    this.#browser = browser;
    this.#folder = folder;
  }

  static async start(): Promise<ReportBrowser> {
    const browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
    });
    return new ReportBrowser(browser, mkdtempSync(join(tmpdir(), "kanit-html-")));
  }

  open(run: RunRecord, options: BrowserContextOptions = {}): Promise<OpenedReport> {
    return this.openPage(renderHtml(run), options);
  }

  async openPage(text: string, options: BrowserContextOptions = {}): Promise<OpenedReport> {
    const path = join(mkdtempSync(join(this.#folder, "case-")), "index.html");
    writeFileSync(path, text);
    const page = await this.#browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(path).href);
    return { page, complaints, requests };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
