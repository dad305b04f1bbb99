import { describe, expect, test } from "@jest/globals";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import type { Diagnosis } from "../../src/diagnosis/diagnosis.js";
import type { WindowEvidence } from "../../src/diagnosis/incident-evidence.js";
import { countedEdge } from "../support/made-edges.js";
import { type MadeCall, madeEvidence, madeWindow, refOf } from "../support/made-traces.js";

/** One of ten requests is traced; the reviews fail in every other, as they always did. */
const [traced, weight] = [60, 10];

function request(isFailing: boolean) {
  return (number: number): MadeCall => ({
    service: "gateway",
    isError: isFailing,
    calls: [
      { service: "search", isError: isFailing, calls: [{ service: "prices" }, { service: "stock" }] },
      { service: "reviews", isError: number % 2 === 0 },
    ],
  });
}

/** @param failing requests whose traces hold the failure @param countedRatio of the search's calls that failed by the proxies */
function window(fromMs: number, failing: number, countedRatio: number): WindowEvidence {
  const made = madeWindow(traced, (number) => request(number < failing)(number), fromMs);
  const count = traced * weight;
  return {
    ...made,
    traces: (made.traces ?? []).map((trace) => ({ ...trace, weight })),
    traceLines: (made.traces ?? []).map(({ traceId }, number) => ({
      service: refOf("search"),
      pod: null,
      level: "INFO",
      message: failing > 0 && number % 3 === 0 ? "index is being read anew" : "asked",
      traceId,
    })),
    edges: [
      countedEdge(null, "gateway", count, countedRatio * count),
      countedEdge("gateway", "search", count, countedRatio * count),
      countedEdge("search", "prices", count, 0),
      countedEdge("search", "stock", count, 0),
      countedEdge("gateway", "reviews", count, count / 2),
    ],
  };
}

const before = [0, 100_000, 200_000].map((fromMs) => window(fromMs, 0, 0));

function diagnosed(failing: number, countedRatio: number): Diagnosis {
  return diagnose(madeEvidence(window(600_000, failing, countedRatio), before));
}

describe("failures of which the traces hold one", () => {
  test("are judged by the proxies' counts, though a bystander's errors are in half of the traces", () => {
    const { suspects } = diagnosed(1, 0.08);
    expect(suspects[0]).toMatchObject({ service: refOf("search") });
    expect(suspects[0]?.pieces[0]).toMatchObject({ kind: "METRIC_ERRORS", incident: 8 });
    expect(suspects.map(({ service }) => service.name)).not.toContain("reviews");
    // Its own line is new in each third trace: the failures are told before it.
    expect(suspects[0]?.reasons.map(({ kind }) => kind)).toEqual(["EDGE_METRICS", "LOG_PATTERN"]);
  });

  test("are doubted where whom it asked last may have answered wrongly, and that one comes first of those it asked", () => {
    const { suspects } = diagnosed(1, 0.08);
    expect(suspects.slice(0, 2).map(({ service, grade }) => [service.name, grade])).toEqual([
      ["search", "POSSIBLE"],
      ["stock", "POSSIBLE"],
    ]);
  });

  test("are judged by the traces where the counts do not tell more", () => {
    const { suspects } = diagnosed(12, 0);
    expect(suspects[0]?.pieces[0]).toMatchObject({ kind: "ERRORS" });
  });
});
