import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { diagnosisTable } from "../../src/cli/diagnose-table.js";
import { type FaultServer, startFaultServer } from "../support/fault-server.js";
import { runCommandLine } from "../support/run-command.js";
import { writeConfig } from "../support/start-configured.js";

let backend: FaultServer;
let config: string;

beforeEach(async () => {
  backend = await startFaultServer();
  config = writeConfig(`sources: [{ name: spans, kind: zipkin, url: "${backend.url}" }]`);
});

afterEach(() => backend.close());

const times = ["--from", "2026-01-29T08:00:00Z", "--to", "2026-01-29T08:15:00Z"];

describe("meshlens diagnose", () => {
  test("a service without traces in that time: nobody is named, and it says what was not seen", async () => {
    backend.behave({ kind: "answer", body: "[]" });
    const listed = await runCommandLine(["diagnose", "--service", "bookinfo/reviews", ...times, "--config", config]);
    expect(listed.code).toBe(1);
    expect(listed.stderr).toContain("no source knows the service bookinfo/reviews");
    expect(listed.stdout).toBe("");
  });

  test("sources that are down make a smaller claim", async () => {
    backend.behave({ kind: "answer", status: 500, body: "no" });
    const base = ["diagnose", "--service", "bookinfo/reviews", ...times, "--config", config];
    const { stdout } = await runCommandLine([...base, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "NO_EVIDENCE", suspects: [], baseline: null });
    const table = await runCommandLine(base);
    expect(table.stdout).toContain("bookinfo/reviews: There are neither traces nor metrics");
    expect(table.stdout).toContain("Not seen\n");
    const folder = mkdtempSync(join(tmpdir(), "meshlens-diagnose-"));
    const drawn = (file: string) => runCommandLine([...base, "--picture", join(folder, file)]);
    expect((await drawn("a.svg")).code).toBe(0);
    expect(readFileSync(join(folder, "a.svg"), "utf8")).toContain("Nothing is known of any call");
    await drawn("a.png");
    expect(readFileSync(join(folder, "a.png")).subarray(1, 4).toString()).toBe("PNG");
    const { code, stderr } = await drawn("no/such/a.png");
    expect(stderr).toContain("cannot be written (ENOENT)");
    expect(code).toBe(2);
  });

  test.each([
    ["a service without its namespace", ["--service", "reviews", ...times], "is no service"],
    ["a range that ends before it begins", ["--service", "a/b", "--from", "now", "--to", "2026-01-29"], "after --from"],
    ["a picture of another kind", ["--service", "a/b", ...times, "--picture", "out.gif"], "ends in .svg or .png"],
    ["half a baseline", ["--service", "a/b", ...times, "--baseline-from", "2026-01-28"], "belong together"],
  ])("%s is wrong use: exit code 2", async (_, args, expected) => {
    const { code, stderr } = await runCommandLine(["diagnose", ...args, "--config", config]);
    expect(stderr).toContain(expected);
    expect(code).toBe(2);
  });
});

test("the table shows the suspect with its reasons, and control characters of backends as ?", () => {
  const window = { from: "2026-01-29T08:00:00.000Z", to: "2026-01-29T08:15:00.000Z" };
  const incident = { window, windowCount: 1, traceCount: 67, requestCount: 6_493.7, badRatio: 0.203 };
  const text = diagnosisTable("bookinfo/reviews", {
    sentence: "Likely ratings, rule VirtualService ratings: it explains 20 bad requests of 100.",
    suspects: [
      {
        service: { ref: { namespace: "bookinfo", name: "ratings" } },
        part: { kind: "RULE", name: "VirtualService ratings" },
        grade: "LIKELY",
        score: 19.551,
        standardError: 4.32,
        reasons: [{ sentence: "A rule delays\u001b[31m calls." }],
      },
    ],
    cleared: [{ service: null, sentence: "It is slow only while it waits for ratings." }],
    missing: [],
    graph: {
      nodes: [
        { name: "reviews", service: { ref: { namespace: "bookinfo", name: "reviews" } } },
        { name: "mysql\u001b.example.com", service: null },
      ],
      calls: [
        {
          source: 0,
          destination: 1,
          callsPer100: 66.41,
          failedRatio: 0.941,
          failedRatioBefore: 0,
          callMs: 7_010,
          callMsBefore: null,
        },
      ],
      svg: "<svg/>",
    },
    incident,
    baseline: { ...incident, windowCount: 3, badRatio: null },
  });
  expect(text.split("\n")).toEqual([
    "bookinfo/reviews: Likely ratings, rule VirtualService ratings: it explains 20 bad requests of 100.",
    "",
    "1. bookinfo/ratings, rule VirtualService ratings",
    "   likely: explains 20 of 100 requests (standard error 4.3)",
    "   - A rule delays?[31m calls.",
    "",
    "Calls                                      per 100 requests  failed  before      took  before",
    "   bookinfo/reviews -> mysql?.example.com                66    94 %     0 %  7,010 ms       -",
    "",
    "Cleared",
    "   - (not visible to you): It is slow only while it waits for ratings.",
    "",
    "Incident  2026-01-29T08:00:00.000Z to 2026-01-29T08:15:00.000Z: 67 traces of 6,494 requests, 20 % bad",
    "Baseline  2026-01-29T08:00:00.000Z to 2026-01-29T08:15:00.000Z, 3 windows: 67 traces of 6,494 requests",
  ]);
});
