import { describe, expect, it } from "vitest";
import { fixtureGate, fixtureGateCheck } from "../testing/gate-fixture.ts";
import { renderGateHtml } from "./gate-page.ts";

const FAILED = fixtureGateCheck({
  id: "postgres-bloat",
  title: "Postgres bloat",
  verdict: "fail",
  reasons: ["orders has 20000 dead rows"],
  fix: "VACUUM the table.",
});

describe("the page of a gate", () => {
  it("has each check with its verdict, its evidence and the command to find out the same", () => {
    const page = renderGateHtml(fixtureGate([fixtureGateCheck(), FAILED], { verdict: "fail" }));
    expect(page).toContain("1 of 2 checks of v1.4.0 passed, and all are required.");
    expect(page).toContain('<a href="sequences_v1.4.0.txt">sequences_v1.4.0.txt</a>');
    expect(page).toContain("pg_sequences");
    expect(page).toContain('<meta name="kanit-verdict" content="fail">');
  });

  it("says first what is to be repaired, and how", () => {
    const page = renderGateHtml(fixtureGate([fixtureGateCheck(), FAILED], { verdict: "fail" }));
    expect(page).toMatch(/To be repaired[\s\S]*?orders has 20000 dead rows<br><strong>VACUUM the table\./);
    expect(renderGateHtml(fixtureGate([fixtureGateCheck()]))).not.toContain("To be repaired");
  });

  it("lists what was not found out after what failed, without a fix that nothing shows to be needed", () => {
    const silent = fixtureGateCheck({
      ...{ id: "flags", title: "Feature flags", verdict: "inconclusive", fix: "Set the flag." },
      ...{ summary: "no answer within 10 s", reasons: ["no answer within 10 s"] },
    });
    const page = renderGateHtml(fixtureGate([silent, FAILED], { verdict: "fail" }));
    expect(page).toMatch(/To be repaired[\s\S]*VACUUM[\s\S]*To be found out[\s\S]*no answer[\s\S]*Checks/);
    const [lists = "", cards = ""] = page.split('id="checks"');
    expect(lists).not.toContain("Set the flag.");
    expect(cards.match(/no answer within 10 s/g)).toHaveLength(1);
  });

  it("says of a lab that it is a rehearsal, and names what concerns the whole gate", () => {
    const problems = ["interrupted: what had ended until then is filed"];
    const page = renderGateHtml(fixtureGate([], { targetKind: "lab", verdict: "inconclusive", problems }));
    expect(page).toContain("a rehearsal: it releases nothing by itself");
    expect(page).toContain("interrupted: what had ended");
  });

  it("runs nothing that a target answered", () => {
    const hostile = `</p><script>globalThis.owned=1</script>"'`;
    const check = fixtureGateCheck({
      summary: hostile,
      reasons: [hostile],
      title: hostile,
      command: hostile,
    });
    const page = renderGateHtml(fixtureGate([check], { target: hostile, problems: [hostile] }));
    expect(page).not.toContain("<script");
    expect(page).toContain("default-src &#39;none&#39;");
  });
});
