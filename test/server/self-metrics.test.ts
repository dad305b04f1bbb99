import { describe, expect, test } from "@jest/globals";
import { createSelfMetrics } from "../../src/server/self-metrics.js";

const operation = { operationType: "query", durationMs: 12, errorCodes: [], cost: 1, upstreamCalls: 2 } as const;

function samples(text: string, name: string): readonly string[] {
  return text.split("\n").filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

describe("self-metrics", () => {
  test("the first 100 operation names keep their name, later ones are other, for ever", async () => {
    const metrics = createSelfMetrics(new Map());
    for (let i = 0; i < 1000; i += 1) metrics.operation({ ...operation, operationName: `Op${i}` });
    metrics.operation({ ...operation, operationName: "Op7" });
    const counts = samples(await metrics.print(), "meshlens_graphql_operation_duration_seconds_count");
    expect(counts).toHaveLength(101);
    expect(counts).toContainEqual(expect.stringMatching(/operation="Op7".* 2$/));
    expect(counts).toContainEqual(expect.stringMatching(/operation="other".* 900$/));
  });

  test("error codes made up by a client cannot grow the series", async () => {
    const metrics = createSelfMetrics(new Map());
    for (let i = 0; i < 500; i += 1) metrics.operation({ ...operation, operationName: "A", errorCodes: [`C${i}`] });
    expect(samples(await metrics.print(), "meshlens_graphql_operation_errors_total").length).toBeLessThanOrEqual(51);
  });

  test("calls to a source are timed by kind of question, failures counted by code, answers by origin", async () => {
    const metrics = createSelfMetrics(new Map([["p", 2]]));
    metrics.callStarted("p");
    metrics.callEnded({ source: "p", operation: "range", durationMs: 300, errorCode: null, bytes: 10 });
    metrics.callStarted("p");
    const code = "MESHLENS_ERR_SOURCE_TIMEOUT";
    metrics.callEnded({ source: "p", operation: "range", durationMs: 8000, errorCode: code, bytes: 0 });
    metrics.sharedAnswer("p", "joined");
    const text = await metrics.print();
    expect(text).toContain('meshlens_source_request_duration_seconds_bucket{le="0.5",source="p",operation="range"} 1');
    expect(text).toContain('meshlens_source_errors_total{source="p",code="MESHLENS_ERR_SOURCE_TIMEOUT"} 1');
    expect(text).toContain('meshlens_source_response_bytes_total{source="p"} 10');
    expect(text).toContain('meshlens_cache_answers_total{source="p",origin="joined"} 1');
  });

  test("calls beyond a source's slots show as its queue, and an idle source shows 0", async () => {
    const metrics = createSelfMetrics(
      new Map([
        ["p", 2],
        ["idle", 2],
      ]),
    );
    for (let i = 0; i < 5; i += 1) metrics.callStarted("p");
    const text = await metrics.print();
    expect(text).toContain('meshlens_source_calls_in_progress{source="p"} 2');
    expect(text).toContain('meshlens_source_queue_depth{source="p"} 3');
    expect(text).toContain('meshlens_source_queue_depth{source="idle"} 0');
  });

  test("event loop lag and memory of the process are there", async () => {
    const text = await createSelfMetrics(new Map()).print();
    expect(text).toContain("nodejs_eventloop_lag_seconds");
    expect(text).toContain("process_resident_memory_bytes");
  });
});
