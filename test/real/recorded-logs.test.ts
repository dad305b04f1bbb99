import { afterAll, describe, expect, test } from "@jest/globals";
import { createElasticsearchSource } from "../../src/sources/elasticsearch/elasticsearch-source.js";
import { systemClock as clock } from "../../src/telemetry/clock.js";
import type { LogAnswer, LogFilter, LogPosition, LogRecord } from "../../src/telemetry/log-source.js";
import { readExpected } from "../support/bookinfo/fixture-files.js";
import { logIndices } from "../support/bookinfo/log-documents.js";
import { recordedLogs } from "../support/bookinfo/telemetry-records.js";
import { callOptions } from "./call-options.js";
import { readTestState } from "./state-file.js";

type Answer<Kind extends LogAnswer["kind"]> = Extract<LogAnswer, { kind: Kind }>;

const state = readTestState();
const { fromMs, toMs, logs, traceCases } = readExpected();
const everything: LogFilter = {
  window: { fromMs, toMs },
  scope: null,
  levels: null,
  text: null,
  traceIds: null,
  requestIds: null,
  spanIds: null,
  pods: null,
  lines: "any",
};

/** What a record says, whatever its shipper: ids of documents are the shipper's, and names may be told more than once. */
function told(record: LogRecord) {
  const { id: _, index: __, serviceNames, ...said } = record;
  return { ...said, service: serviceNames[0] };
}

const key = (record: LogRecord) => `${record.atMs}/${record.pod}/${record.container}/${record.id}`;
const inOrder = (records: readonly LogRecord[]) => [...records].sort((a, b) => (key(a) < key(b) ? -1 : 1)).map(told);

describe.each(["elasticsearch8", "elasticsearch9"] as const)("the recorded mesh in a real %s", (name) => {
  describe.each(Object.entries(logIndices))("in the shape of %s", (shape, index) => {
    const config = { name, url: state[name].url, index };
    const source = createElasticsearchSource({ config, clock });
    afterAll(() => source.close());
    const recorded = recordedLogs(index);
    const expected = logs[index];

    async function search(
      filter: Partial<LogFilter>,
      limit: number,
      after: LogPosition | null,
    ): Promise<Answer<"search">> {
      const page = { kind: "search", order: "oldest", limit, after, withTotal: true } as const;
      const [answer] = await source.ask([{ ...page, filter: { ...everything, ...filter } }], callOptions());
      if (answer?.kind !== "search") throw new Error("a search is answered by a search");
      return answer;
    }

    test("every line comes back as it was written, page by page, none twice", async () => {
      const found: LogRecord[] = [];
      let after: LogPosition | null = null;
      do {
        const page: Answer<"search"> = await search({}, 400, after);
        expect(page.total).toEqual({ value: expected?.total, relation: "EQ" });
        found.push(...page.records);
        after = page.next;
      } while (after !== null);
      expect(found).toHaveLength(recorded.length);
      expect(inOrder(found)).toEqual(inOrder(recorded));
    });

    test("levels are counted by their place in the line, over the whole range", async () => {
      const volume = { kind: "volume", filter: everything, stepMs: 60_000 } as const;
      const [answer] = await source.ask([volume], callOptions());
      if (answer?.kind !== "volume") throw new Error("a volume is answered by a volume");
      const sums = [...answer.byLevel].map(([level, counts]) => [level, counts.reduce((sum, count) => sum + count, 0)]);
      expect(Object.fromEntries(sums)).toEqual(expected?.byLevel);
    });

    test("the lines of a failing trace are found by its id", async () => {
      const { records } = await search({ traceIds: [traceCases.abort] }, 100, null);
      expect(records).toHaveLength(expected?.byTraceId[traceCases.abort] ?? 0);
      expect(records.length).toBeGreaterThan(0);
      expect(new Set(records.map((record) => record.traceId))).toEqual(new Set([traceCases.abort]));
    });

    test("errors of one service are found by scope and level", async () => {
      const scope = { namespace: "bookinfo", names: ["reviews"] };
      const { records } = await search({ scope, levels: ["ERROR"] }, 1000, null);
      const wanted = recorded.filter((record) => record.serviceNames.includes("reviews") && record.level === "ERROR");
      expect(wanted).toHaveLength(10);
      expect(inOrder(records)).toEqual(inOrder(wanted));
    });

    if (shape === "fluentd") {
      test("the proxies' lines of a request are found by its request id, and a 64-bit trace by its id", async () => {
        const own = recorded.find((record) => record.traceId === traceCases.abort);
        const { records } = await search({ requestIds: [own?.requestId ?? ""], lines: "access" }, 100, null);
        const wanted = recorded.filter((record) => record.accessLog && record.requestId === own?.requestId);
        expect(wanted.flatMap((record) => record.accessLog?.responseFlags)).toEqual(["FI"]);
        expect(inOrder(records)).toEqual(inOrder(wanted));
        const short = await search({ traceIds: [traceCases.shortTraceId.padStart(32, "0")] }, 100, null);
        expect(short.records).toHaveLength(expected?.byTraceId[traceCases.shortTraceId] ?? 0);
      });
    }
  });
});
