import { describe, expect, it } from "vitest";
import { serve } from "../../testing/http-page.ts";
import { healthProbe } from "./health-probe.ts";

const forever = new AbortController().signal;

describe("the health probe", () => {
  it("returns 1 for an answer of 2xx, 0 for any other, and counts its requests", async () => {
    let status = 204;
    await using page = await serve((_request, response) => response.writeHead(status).end());
    const probe = healthProbe(`${page.url}/health`);
    expect(await probe.collect(forever)).toMatchObject([{ value: 1 }]);
    status = 503;
    expect(await probe.collect(forever)).toMatchObject([{ value: 0 }]);
    expect(probe.requests).toBe(2);
  });

  it("returns 0 without an answer, and without a server", async () => {
    await using page = await serve(() => undefined);
    const gone = healthProbe("http://127.0.0.1:1/health");
    const values = await Promise.all([healthProbe(page.url).collect(forever), gone.collect(forever)]);
    expect(values).toMatchObject([[{ value: 0 }], [{ value: 0 }]]);
  });
});
