/** A whole mesh in memory behind the face everybody uses: what was recorded is what is told, pillar by pillar. */
import { afterAll, describe, expect, test } from "@jest/globals";
import { loadConfig } from "../../src/config/load-config.js";
import { composeOver } from "../../src/server/compose.js";
import { seeAll } from "../../src/telemetry/visibility.js";
import { readExpected } from "../support/bookinfo/fixture-files.js";
import { recordedSources } from "../support/bookinfo/recorded-sources.js";
import { writeConfig } from "../support/start-configured.js";

const { fromMs, toMs, requests } = readExpected();
const window = { fromMs, toMs };
const clock = { nowMs: () => toMs };
const composition = await composeOver(loadConfig(writeConfig("server: {}\n"), {}), clock, recordedSources(clock));
const reader = composition.mesh.reader({
  visibility: seeAll,
  signal: new AbortController().signal,
  deadlineMs: toMs + 10_000,
});
afterAll(() => composition.close());

describe("the recorded mesh in memory", () => {
  const ref = (name: string) => ({ cluster: "east", namespace: "bookinfo", name });
  const sum = (service: string, reporter: string) =>
    requests.filter((row) => row.reporter === reporter && row.service === service).reduce((n, row) => n + row.count, 0);

  test.each(["productpage", "details", "reviews", "ratings"])(
    "%s: calls and attempts as counted while recording",
    async (name) => {
      const service = await reader.findService({ cluster: null, namespace: "bookinfo", name }, window);
      const golden = reader.golden(service?.ref ?? ref(name), window);
      const [callers, server] = [await golden.outcome("callers"), await golden.outcome("server")];
      expect([callers.value?.requestCount, server.value?.requestCount]).toEqual([
        sum(name, "source"),
        sum(name, "destination"),
      ]);
    },
  );

  test("a slow page of jason is found with its lines by trace id", async () => {
    const service = await reader.findService({ cluster: null, namespace: "bookinfo", name: "reviews" }, window);
    const selection = { errorsOnly: true, minDurationMs: 2_500, maxDurationMs: null, operation: null, tags: {} };
    const page = await reader.traces(service?.ref ?? ref("reviews"), window, selection, 5, null);
    const [slow] = page.value?.traces ?? [];
    expect(Math.round((slow?.durationMs ?? 0) / 1000)).toBe(6);
    if (slow === undefined) throw new Error("no slow trace");
    const joined = (await reader.logsOfTrace(slow, 100)).value;
    expect(joined?.match).toBe("TRACE_ID");
    expect(joined?.records.filter((line) => line.level === "ERROR").map((line) => line.service?.name)).toContain(
      "productpage",
    );
  });
});
