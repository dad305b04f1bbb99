import { describe, expect, test } from "@jest/globals";
import { readEvidence } from "../../src/alerting/read-evidence.js";
import { makeEvidence } from "../support/evidence.js";
import { makeGraph } from "../support/incident-graph.js";

describe("stored evidence", () => {
  test("comes back from its JSON as it was", () => {
    const evidence = makeEvidence({
      suspects: null,
      graph: makeGraph(),
      missing: [{ part: "SUSPECTS", name: "diagnosis", state: "NOT_CONFIGURED", message: null }],
    });
    expect(readEvidence(JSON.parse(JSON.stringify(evidence)))).toEqual(evidence);
  });

  test("of the first releases is read: what was not gathered then is not known", () => {
    const { health: _, verdict: __, graph: ____, traces, ...rest } = makeEvidence();
    const old = { ...rest, traces: traces?.map(({ faultAt: ___, ...trace }) => trace) };
    const read = readEvidence(old);
    expect(read).toMatchObject({ health: null, verdict: null, graph: null });
    expect(read?.traces?.map(({ faultAt }) => faultAt)).toEqual([null, null]);
  });

  test.each([
    ["nothing", null],
    ["another version", { ...makeEvidence(), version: 2 }],
    ["a part left out", { ...makeEvidence(), links: undefined }],
    ["a call between services that are not there", makeEvidence({ graph: makeGraph({ nodes: [] }) })],
    [
      "a series of another length than its times",
      makeEvidence({ chart: { timestamps: [1, 2], errorRatio: [0], burn: [], thresholds: [] } }),
    ],
  ])("is null for %s", (_, stored) => {
    expect(readEvidence(stored)).toBeNull();
  });
});
