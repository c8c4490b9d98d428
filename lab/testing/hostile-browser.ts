import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "playwright-core";
import { WebSocketServer } from "ws";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const browserPath = BROWSERS.find((path) => existsSync(path));

/** Whether a hostile page can be tried here; its tests are skipped otherwise, visibly in the summary. */
export const HAS_BROWSER = browserPath !== undefined;

/** The hostile page's own name, which leads to this machine, as after it was rebound. */
export const HOSTILE_NAME = "evil.example";

/** Our guards must not depend on what a browser calls itself. */
const USER_AGENT = "a-browser/1.0";

/** Where a hostile page comes from: a server of this name, or the very port that it attacks, by its own name. */
export type PageOrigin = "evil.example" | "127.0.0.1" | "rebound";

/** A server, and what it is asked for. Frames cost a document each, so they ask for one path. */
export interface Target {
  readonly port: number;
  readonly paths: readonly string[];
  /** What images, frames, forms and the like ask for. */
  readonly elementPath: string;
  readonly socketPath: string;
}

/** How one try ended. Unanswered: it says nothing, neither that the page was refused nor that it was not. */
export interface Finding {
  readonly means: string;
  readonly url: string;
  readonly result: "read" | "refused" | "unanswered";
  readonly how: string;
  readonly text: string;
}

/** A tab in which the hostile page is opened anew for each server. */
export interface HostileTab extends AsyncDisposable {
  /** Opens the page from this origin, and has it try everything on the server by each of these names. */
  attack(origin: PageOrigin, hosts: readonly string[], target: Target): Promise<readonly Finding[]>;
}

/** A browser, and the server of a hostile page. */
export class HostileBrowser implements AsyncDisposable {
  readonly #browser: Browser;
  readonly #html: string;
  readonly #server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end(this.#html);
  });

  private constructor(browser: Browser, script: string) {
    this.#browser = browser;
    this.#html = `<!doctype html><title>hostile</title><body></body><script>${script}</script>`;
  }

  static async start(): Promise<HostileBrowser> {
    const script = await readFile(new URL("hostile-page.js", import.meta.url), "utf8");
    const browser = await chromium.launch({
      ...(browserPath === undefined ? {} : { executablePath: browserPath }),
      args: [
        ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        `--host-resolver-rules=MAP ${HOSTILE_NAME} 127.0.0.1`,
        // A browser that fences pages off from this machine by itself would prove nothing of our servers.
        "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,site-per-process",
        // A process for each frame of another site would be most of the time. What a page may read is the same.
        "--disable-site-isolation-trials",
      ],
    });
    const started = new HostileBrowser(browser, script);
    new WebSocketServer({ server: started.#server });
    await new Promise<void>((resolve) => started.#server.listen(0, "127.0.0.1", resolve));
    return started;
  }

  /** Opens a tab in a process of its own: browsers delay the WebSockets of a process after others failed. */
  async openTab(): Promise<HostileTab> {
    const context = await this.#browser.newContext({ userAgent: USER_AGENT });
    const page = await context.newPage();
    return {
      attack: async (origin, hosts, target) => {
        await (origin === "rebound" ? this.#openRebound(page, target.port) : this.#openAt(page, origin));
        const findings: Finding[] = [];
        for (const host of hosts) {
          const address = { origin: `http://${host}:${target.port}`, home: `ws://127.0.0.1:${this.#port}/` };
          const attack = JSON.stringify({ ...target, ...address });
          findings.push(...(await page.evaluate<Finding[]>(`attack(${attack})`)));
        }
        return findings;
      },
      [Symbol.asyncDispose]: () => context.close(),
    };
  }

  /** The names of all means by which a page tries a server. */
  async means(): Promise<readonly string[]> {
    const page = await this.#browser.newPage();
    await this.#openAt(page, "127.0.0.1");
    const means = await page.evaluate<string[]>("meansOfAttack");
    await page.close();
    return means;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async #openAt(page: Page, host: string): Promise<void> {
    await page.goto(`http://${host}:${this.#port}/`);
  }

  /** The server of this page was at the port that it attacks, until its name was rebound to this machine. */
  async #openRebound(page: Page, port: number): Promise<void> {
    const address = `http://${HOSTILE_NAME}:${port}/hostile-page`;
    await page.route(address, (route) => route.fulfill({ contentType: "text/html", body: this.#html }));
    await page.goto(address);
    // While there is a route, Playwright answers preflight requests in place of the servers.
    await page.unroute(address);
  }
}
