import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { type JsonDashboard, readDashboards, targetsOf } from "../dashboards/support/dashboard-json.js";
import { findings } from "../dashboards/support/dashboard-rules.js";
import { runCommandLine } from "../support/run-command.js";

const temporary = () => mkdtempSync(join(tmpdir(), "meshlens-dashboards-"));
const allFindings = (all: ReadonlyMap<string, JsonDashboard>) =>
  [...all.values()].flatMap((dashboard) => findings(dashboard, all));

describe("meshlens dashboards", () => {
  test("writes all of them as they are committed, into a folder that it makes", async () => {
    const out = join(temporary(), "made", "here");
    const { code, stdout } = await runCommandLine(["dashboards", "--out", out]);
    expect(code).toBe(0);
    expect(stdout.trim().split("\n").sort()).toEqual(readdirSync(out).map((name) => join(out, name)));
    expect(readDashboards(out)).toEqual(readDashboards());
  });

  test.each(["istio", "linkerd"])(
    "--mesh %s leaves no query of the other mesh and no variable for it",
    async (mesh) => {
      const out = temporary();
      expect((await runCommandLine(["dashboards", "--out", out, "--mesh", mesh])).code).toBe(0);
      const all = readDashboards(out);
      const other = mesh === "istio" ? "linkerd" : "istio";
      expect(JSON.stringify([...all.values()].map(({ panels }) => panels.map(({ targets }) => targets)))).not.toContain(
        `"refId":"${other} `,
      );
      for (const dashboard of all.values()) {
        expect(JSON.stringify(dashboard)).not.toMatch(/\$\{?mesh\b/);
        expect(targetsOf(dashboard).length).toBeGreaterThan(2);
      }
      // The rule that every query follows the variable is for both meshes.
      expect(allFindings(all).filter((one) => !one.startsWith("a mesh's queries follow"))).toEqual([]);
    },
  );

  test("--prefix and --datasource-uid make a second set beside the first, linked within itself", async () => {
    const out = temporary();
    expect(
      (await runCommandLine(["dashboards", "--out", out, "--prefix", "blue-", "--datasource-uid", "P8E8"])).code,
    ).toBe(0);
    const all = readDashboards(out);
    for (const [name, { uid, title, templating }] of all) {
      expect([name, title]).toEqual([uid, expect.stringMatching(/^blue-Meshlens/)]);
      expect(uid).toMatch(/^blue-meshlens-/);
      expect(templating.list[0]).toMatchObject({ name: "datasource", current: { value: "P8E8" } });
    }
    expect(allFindings(all).filter((one) => !one.startsWith("classic form: uid blue-"))).toEqual([]);
  });

  test.each([
    [["--mesh", "consul"], "Give istio or linkerd"],
    [["--prefix", "a/b"], "letters, digits"],
    [["--datasource-uid", 'x"y'], "letters, digits"],
  ])("%j is wrong use", async (args, words) => {
    const { code, stderr } = await runCommandLine(["dashboards", "--out", temporary(), ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  });

  test("a folder that cannot be written is named, and no --out is wrong use", async () => {
    const file = join(temporary(), "file");
    writeFileSync(file, "");
    const { code, stderr } = await runCommandLine(["dashboards", "--out", file]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`--out ${file} cannot be written`)]);
    expect((await runCommandLine(["dashboards"])).code).toBe(2);
  });
});
