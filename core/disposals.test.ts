import { describe, expect, it } from "vitest";
import { Disposals } from "./disposals.ts";

function recorder() {
  const disposed: string[] = [];
  const resource = (name: string, error?: Error): AsyncDisposable => ({
    [Symbol.asyncDispose]: async () => {
      disposed.push(name);
      if (error !== undefined) throw error;
    },
  });
  return { disposed, resource };
}

describe("disposals", () => {
  it("dispose of each resource once, last first", async () => {
    const { disposed, resource } = recorder();
    const disposals = new Disposals();
    disposals.use(resource("first"));
    disposals.use(resource("second"));
    await disposals[Symbol.asyncDispose]();
    await disposals[Symbol.asyncDispose]();
    expect(disposed).toEqual(["second", "first"]);
  });

  it("leave moved resources to their new owner", async () => {
    const { disposed, resource } = recorder();
    const disposals = new Disposals();
    disposals.use(resource("kept"));
    const moved = disposals.move();
    await disposals[Symbol.asyncDispose]();
    expect(disposed).toEqual([]);
    await moved[Symbol.asyncDispose]();
    expect(disposed).toEqual(["kept"]);
  });

  it("continue after one that fails, and throw its error", async () => {
    const { disposed, resource } = recorder();
    const disposals = new Disposals();
    disposals.use(resource("first"));
    disposals.use(resource("second", new Error("second fails")));
    await expect(disposals[Symbol.asyncDispose]()).rejects.toThrow("second fails");
    expect(disposed).toEqual(["second", "first"]);
  });

  it("throw all errors of several that fail", async () => {
    const { resource } = recorder();
    const disposals = new Disposals();
    disposals.use(resource("first", new Error("first fails")));
    disposals.use(resource("second", new Error("second fails")));
    await expect(disposals[Symbol.asyncDispose]()).rejects.toMatchObject({
      errors: [new Error("second fails"), new Error("first fails")],
    });
  });
});
