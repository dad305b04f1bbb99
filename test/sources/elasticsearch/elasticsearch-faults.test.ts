import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createElasticsearchSource } from "../../../src/sources/elasticsearch/elasticsearch-source.js";
import { systemClock } from "../../../src/telemetry/clock.js";
import type { LogFilter, LogRequest, LogSource } from "../../../src/telemetry/log-source.js";
import type { CallOptions } from "../../../src/telemetry/source.js";
import { describeSourceFaults } from "../../contract/source-faults.contract.js";
import { type FaultServer, startFaultServer } from "../../support/fault-server.js";

const product = { "x-elastic-product": "Elasticsearch" };
const item = { took: 1, timed_out: false, _shards: { total: 1, failed: 0 }, hits: { hits: [] }, status: 200 };
const caps = {
  indices: ["logs"],
  fields: { "@timestamp": { date: {} }, "kubernetes.namespace_name": { keyword: {} } },
};

const search = (toMs: number): LogRequest => {
  const filter: LogFilter = {
    window: { fromMs: 0, toMs },
    scope: null,
    levels: null,
    text: null,
    traceIds: null,
    requestIds: null,
    spanIds: null,
    pods: null,
    lines: "any",
  };
  return { kind: "search", filter, order: "newest", limit: 10, after: null, withTotal: false };
};
const options = (): CallOptions => ({ signal: new AbortController().signal, deadlineMs: Date.now() + 20_000 });

/** Answers field_caps well and the searches as given. */
const serving = (
  responses: readonly unknown[],
  headers: Record<string, string> = product,
): Parameters<FaultServer["behave"]>[0] => ({
  kind: "handler",
  handle(request, response) {
    request.resume();
    const body = request.url?.includes("_field_caps") ? caps : { took: 1, responses };
    response.writeHead(200, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  },
});

describeSourceFaults("Elasticsearch", {
  make: (url, limits) => createElasticsearchSource({ config: { name: "logs", url, ...limits }, clock: systemClock }),
  ask: (source, given, nth) => source.ask([search(nth)], given),
  healthy: serving([item]),
});

describe("Elasticsearch answers that are partly or wholly amiss", () => {
  let server: FaultServer;
  let source: LogSource;
  beforeEach(async () => {
    server = await startFaultServer();
    source = createElasticsearchSource({ config: { name: "logs", url: server.url }, clock: systemClock });
  });
  afterEach(async () => {
    await source.close();
    await server.close();
  });

  it.each([
    [
      "failed shards",
      { _shards: { total: 5, failed: 2, failures: [{ reason: { type: "illegal_argument_exception" } }] } },
      "2 of 5 shards failed (illegal_argument_exception)",
    ],
    ["a time limit", { timed_out: true }, "partial"],
    ["skipped remote clusters", { _clusters: { skipped: 1 } }, "1 remote clusters were skipped"],
    ["no index", { _shards: { total: 0, failed: 0 } }, "no index matches"],
  ])("%s are told as a warning", async (_title, given, warning) => {
    server.behave(serving([{ ...item, ...given }]));
    const [answer] = await source.ask([search(1)], options());
    expect(answer?.warnings).toEqual([expect.stringContaining(warning)]);
  });

  it("an error of one question fails the batch, with the error's type and without what was typed", async () => {
    const error = {
      type: "x_content_parse_exception",
      reason: "secret words",
      root_cause: [{ type: "query_shard_exception" }],
    };
    server.behave(serving([item, { error, status: 400 }]));
    const failed = source.ask([search(1), search(2)], options());
    await expect(failed).rejects.toMatchObject({
      code: "MESHLENS_ERR_SOURCE_QUERY_REFUSED",
      message: expect.stringMatching(/^logs at .*query_shard_exception/),
    });
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining("secret") });
  });

  it("one question refused with 429 leaves the source alone for a while, as a whole answer would", async () => {
    server.behave(serving([item, { error: { type: "es_rejected_execution_exception" }, status: 429 }]));
    await expect(source.ask([search(1), search(2)], options())).rejects.toMatchObject({
      code: "MESHLENS_ERR_SOURCE_RATE_LIMITED",
    });
    const asked = server.requestCount();
    await expect(source.ask([search(3)], options())).rejects.toMatchObject({
      code: "MESHLENS_ERR_SOURCE_RATE_LIMITED",
    });
    expect(server.requestCount()).toBe(asked);
  });

  it("another product is named as the reason", async () => {
    server.behave(serving([item], {}));
    await expect(source.ask([search(1)], options())).rejects.toMatchObject({
      code: "MESHLENS_ERR_SOURCE_UNSUPPORTED",
      message: expect.stringContaining("OpenSearch"),
    });
  });

  it("the shape is learnt once and again after a refused query", async () => {
    const asked: string[] = [];
    let isRefusing = false;
    server.behave({
      kind: "handler",
      handle(request, response) {
        request.resume();
        const isCaps = request.url?.includes("_field_caps") === true;
        asked.push(isCaps ? "caps" : "search");
        const refusal = { error: { type: "query_shard_exception" }, status: 400 };
        const body = isCaps ? caps : { responses: [isRefusing ? refusal : item] };
        if (!isCaps) isRefusing = false;
        response.writeHead(200, { "content-type": "application/json", ...product }).end(JSON.stringify(body));
      },
    });
    await source.ask([search(1)], options());
    await source.ask([search(2)], options());
    isRefusing = true;
    await source.ask([search(3)], options());
    expect(asked).toEqual(["caps", "search", "search", "search", "caps", "search"]);
  });

  it("credentials and configured headers are sent, and stand in no error", async () => {
    await source.close();
    const seen: (string | undefined)[] = [];
    source = createElasticsearchSource({
      config: {
        name: "logs",
        url: server.url.replace("http://", "http://user:hush@"),
        bearerToken: "sesame",
        headers: { "x-tenant": "a" },
      },
      clock: systemClock,
    });
    server.behave({
      kind: "handler",
      handle(request, response) {
        request.resume();
        seen.push(request.headers.authorization, String(request.headers["x-tenant"]));
        response.writeHead(401, { "content-type": "application/json" }).end("{}");
      },
    });
    const error: unknown = await source.ask([search(1)], options()).catch((e: unknown) => e);
    expect(seen).toEqual(["Bearer sesame", "a"]);
    expect(String(error)).not.toMatch(/sesame|hush/);
  });

  it("an API key is sent as one", async () => {
    await source.close();
    const seen: (string | undefined)[] = [];
    source = createElasticsearchSource({
      config: { name: "logs", url: server.url, apiKey: "a2V5OnNlc2FtZQ==" },
      clock: systemClock,
    });
    server.behave({
      kind: "handler",
      handle(request, response) {
        request.resume();
        seen.push(request.headers.authorization);
        response.writeHead(401, { "content-type": "application/json" }).end("{}");
      },
    });
    const error: unknown = await source.ask([search(1)], options()).catch((e: unknown) => e);
    expect(seen).toEqual(["ApiKey a2V5OnNlc2FtZQ=="]);
    expect(String(error)).not.toContain("a2V5");
  });
});
