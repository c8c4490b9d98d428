import { describe, expect, it, vi } from "vitest";
import { WebSocketServer } from "ws";
import { serve } from "../../testing/http-page.ts";
import { churnSockets } from "./churn-sockets.ts";

describe("brief connections to the quotes", () => {
  it("are made one after the other, and leave nothing", async () => {
    await using page = await serve((_request, response) => response.end());
    const sockets = new WebSocketServer({ server: page.server });
    expect(await churnSockets(page.url, 3)).toBe(3);
    await vi.waitFor(() => expect(sockets.clients.size).toBe(0));
    sockets.close();
    expect(await churnSockets("http://127.0.0.1:1", 2)).toBe(0);
  });
});
