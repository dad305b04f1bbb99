import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createElasticsearchSource } from "../../../src/sources/elasticsearch/elasticsearch-source.js";
import { systemClock } from "../../../src/telemetry/clock.js";
import { levelOfLine, levelsByIndex } from "../../../src/telemetry/log-line.js";
import type { LogFilter, LogSource } from "../../../src/telemetry/log-source.js";
import { type FaultServer, startFaultServer } from "../../support/fault-server.js";

const filter: LogFilter = {
  window: { fromMs: 0, toMs: 10_000 },
  scope: { namespace: "bookinfo", names: ["reviews"] },
  levels: null,
  text: null,
  traceIds: null,
  requestIds: null,
  spanIds: null,
  pods: null,
  lines: "any",
};
const caps = {
  indices: ["logs"],
  fields: {
    "@timestamp": { date: {} },
    log: { text: {} },
    "kubernetes.namespace_name": { keyword: {} },
    "kubernetes.pod_name": { keyword: {} },
  },
};
const hit = (id: string, log: string, pod = "reviews-5c66d57d58-6mp2b") => ({
  _index: "logs",
  _id: id,
  sort: [1_000],
  _source: { "@timestamp": "1970-01-01T00:00:01.000Z", log, kubernetes: { namespace_name: "bookinfo", pod_name: pod } },
});
const item = (more: object) => ({ _shards: { total: 1, failed: 0 }, hits: { hits: [] }, status: 200, ...more });

describe("what an index can only guess", () => {
  let server: FaultServer;
  let source: LogSource;
  let bodies: string[];
  beforeEach(async () => {
    server = await startFaultServer();
    source = createElasticsearchSource({ config: { name: "logs", url: server.url }, clock: systemClock });
    bodies = [];
  });
  afterEach(async () => {
    await source.close();
    await server.close();
  });
  const options = () => ({ signal: new AbortController().signal, deadlineMs: Date.now() + 20_000 });
  const serve = (answers: readonly object[]) =>
    server.behave({
      kind: "handler",
      async handle(request, response) {
        let body = "";
        for await (const chunk of request) body += String(chunk);
        const isSearch = request.url?.includes("_msearch") === true;
        if (isSearch) bodies.push(body);
        const answer = isSearch
          ? { responses: [answers[Math.min(bodies.length, answers.length) - 1]] }
          : request.url?.includes("_field_caps")
            ? caps
            : { logs: { mappings: { log: { mapping: { log: { type: "text" } } } } } };
        response.writeHead(200, { "content-type": "application/json", "x-elastic-product": "Elasticsearch" });
        response.end(JSON.stringify(answer));
      },
    });

  it("is said when a sampled line was counted under another level than it has", async () => {
    serve([item({ hits: { hits: [hit("1", "please set the level error for this logger")] } })]);
    const [answer] = await source.ask([{ kind: "volume", filter, stepMs: 10_000 }], options());
    expect(answer?.warnings).toEqual([expect.stringContaining("level counts are estimated")]);
  });

  it("lines of a level that turn out to have another are left out, and the total is a lower bound", async () => {
    const hits = [hit("1", "09:00:00 ERROR real"), hit("2", "please set the level error for this logger")];
    serve([item({ hits: { total: { value: 2, relation: "eq" }, hits } })]);
    const search = {
      kind: "search",
      filter: { ...filter, levels: ["ERROR"] },
      order: "newest",
      limit: 5,
      after: null,
      withTotal: true,
    } as const;
    const [answer] = await source.ask([search], options());
    expect(answer).toMatchObject({
      records: [{ message: "09:00:00 ERROR real" }],
      total: { value: 1, relation: "GTE" },
    });
  });

  it("pods of another workload are found by their counts, left out of a second call, and at once the next time", async () => {
    const strays = {
      prefix0: { doc_count: 9, pods: { buckets: [{ key: "reviews-other-5c66d57d58-6mp2b", doc_count: 9 }] } },
    };
    serve([item({ aggregations: strays }), item({ aggregations: { prefix0: { pods: { buckets: [] } } } })]);
    await source.ask([{ kind: "volume", filter, stepMs: 10_000 }], options());
    expect(bodies.map((body) => body.includes("reviews-other-5c66d57d58-6mp2b"))).toEqual([false, true]);
    await source.ask([{ kind: "volume", filter, stepMs: 10_000 }], options());
    expect(bodies.map((body) => body.includes("reviews-other-5c66d57d58-6mp2b"))).toEqual([false, true, true]);
  });

  it("a page goes on behind records of another workload instead of ending short", async () => {
    const others = Array.from({ length: 3 }, (_, i) => hit(`o${i}`, "x", "reviews-other-5c66d57d58-6mp2b"));
    serve([item({ hits: { hits: others } }), item({ hits: { hits: [hit("mine", "y")] } })]);
    const search = { kind: "search", filter, order: "newest", limit: 2, after: null, withTotal: false } as const;
    const [answer] = await source.ask([search], options());
    expect(answer).toMatchObject({ records: [{ message: "y" }], next: null, warnings: [] });
    expect(bodies).toHaveLength(2);
  });

  it("is nothing for lines whose level stands in its place", () => {
    for (const line of [
      "09:00:00 INFO no ERROR",
      '{"level":"warn","message":"x"}',
      "ERROR: x",
      "an error",
      "time=x level=info",
    ])
      expect(levelsByIndex(line, true)).toEqual([levelOfLine(line)].filter((level) => level !== "UNKNOWN"));
    expect(levelsByIndex("09:00:00 INFO no ERROR", false)).toEqual(["ERROR", "INFO"]);
  });
});
