import type http from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createElasticsearchSource } from "../../../src/sources/elasticsearch/elasticsearch-source.js";
import { systemClock } from "../../../src/telemetry/clock.js";
import type { LogSource } from "../../../src/telemetry/log-source.js";
import { type FaultServer, startFaultServer } from "../../support/fault-server.js";

const hourMs = 3_600_000;
const options = () => ({ signal: new AbortController().signal, deadlineMs: Date.now() + 20_000 });

interface Cluster {
  fields: Record<string, Record<string, unknown>>;
  indices: readonly string[];
  rights: { read: boolean; view_index_metadata: boolean } | null;
  /** Paths that this user may not ask, with the status. */
  refused: { readonly path: RegExp; readonly status: 401 | 403 } | null;
  clockMs: (() => number) | null;
  lines: { newest: number; oldest: number; hour: number; traced: number; future: number };
}

let server: FaultServer;
let source: LogSource;
let cluster: Cluster;

beforeEach(async () => {
  cluster = {
    fields: { "@timestamp": { date: {} }, "kubernetes.namespace_name": { keyword: {} }, trace_id: { keyword: {} } },
    indices: ["logs-1"],
    rights: { read: true, view_index_metadata: true },
    refused: null,
    clockMs: () => Date.now(),
    lines: { newest: Date.now() - 5_000, oldest: Date.now() - 72 * hourMs, hour: 200, traced: 150, future: 0 },
  };
  server = await startFaultServer();
  server.behave({ kind: "handler", handle: (request, response) => void answer(request, response) });
  const config = {
    name: "logs",
    url: server.url,
    index: "logs-*",
    basicAuth: { username: "m", password: "hunter2hunter2" },
  };
  source = createElasticsearchSource({ config, clock: systemClock });
});

afterEach(async () => {
  await source.close();
  await server.close();
});

function answer(request: http.IncomingMessage, response: http.ServerResponse): unknown {
  request.resume();
  const { url = "" } = request;
  const { fields, indices, rights, refused, clockMs, lines } = cluster;
  const send = (body: unknown, status = 200) => {
    response.writeHead(status, { "content-type": "application/json", "x-elastic-product": "Elasticsearch" });
    response.end(JSON.stringify(body));
  };
  if (refused?.path.test(url)) {
    const error = { type: "security_exception", reason: "action is unauthorized for user [m] with effective roles []" };
    return send({ error: { root_cause: [error], ...error }, status: refused.status }, refused.status);
  }
  if (url.includes("_field_caps")) return send({ indices, fields });
  if (url.includes("_has_privileges"))
    return rights === null ? send({ error: "no handler found" }, 400) : send({ index: { "logs-*": rights } });
  if (url.includes("_nodes/"))
    return clockMs === null ? send({}, 403) : send({ nodes: { a: { timestamp: clockMs() } } });
  const { newest, oldest, hour, traced, future } = lines;
  return send({
    aggregations: {
      newest: { value: newest },
      oldest: { value: oldest },
      hour: { doc_count: hour, traced: { doc_count: traced } },
      future: { doc_count: future },
    },
  });
}

async function inspected() {
  const found = await source.inspect?.(options());
  const verdicts = Object.fromEntries(found?.findings.map(({ topic, verdict }) => [topic, verdict]) ?? []);
  return { ...found, verdicts, text: JSON.stringify(found) };
}

describe("Elasticsearch looked at closer", () => {
  test("all well: rights, shape, share of traced lines, age, clock and the oldest line", async () => {
    const { verdicts, clockSkewMs, oldestMs, text } = await inspected();
    expect(verdicts).toEqual({ rights: "PASS", shape: "PASS", "trace-ids": "PASS", freshness: "PASS" });
    expect(text).toContain("150 of 200 lines of the last hour have trace_id");
    expect(Math.abs(clockSkewMs ?? Number.NaN)).toBeLessThan(2_000);
    expect(oldestMs).toBe(cluster.lines.oldest);
    expect(text).not.toContain("hunter2");
  });

  test("a missing right is named with the pattern it is missing on", async () => {
    cluster.rights = { read: true, view_index_metadata: false };
    const { verdicts, text } = await inspected();
    expect(verdicts["rights"]).toBe("WARN");
    expect(text).toContain("lacks view_index_metadata on logs-*");
  });

  const none = { read: false, view_index_metadata: false };
  test.each([
    [
      "who may ask nothing of the indices",
      /_field_caps|_search/,
      none,
      "lacks read on logs-*, view_index_metadata on logs-*",
    ],
    [
      "who may see the mappings only",
      /_search/,
      { ...none, view_index_metadata: true },
      "lacks read on logs-*: no line can",
    ],
    ["whose cluster does not say which rights", /_search/, null, "may not search logs-*"],
  ])("a user %s is told what is missing, and nothing is said of lines", async (_title, path, rights, words) => {
    cluster.refused = { path, status: 403 };
    cluster.rights = rights;
    const { verdicts, text } = await inspected();
    expect(verdicts).toEqual({ rights: "FAIL" });
    expect(text).toContain(words);
    expect(text).toContain("give its role the index privileges read and view_index_metadata on logs-*");
  });

  test("a user of other indices sees none of these: that is his rights, not a wrong pattern", async () => {
    cluster.indices = [];
    cluster.rights = { read: false, view_index_metadata: false };
    const { verdicts, text } = await inspected();
    expect(verdicts).toEqual({ rights: "FAIL" });
    expect(text).toContain("and sees no index");
  });

  test("a wrong password is told as such", async () => {
    cluster.refused = { path: /./, status: 401 };
    await expect(inspected()).rejects.toMatchObject({ code: "MESHLENS_ERR_SOURCE_UNAUTHORIZED" });
  });

  test("a cluster without security, whose nodes may not be asked, is no worse: its clock is not known", async () => {
    cluster.rights = null;
    cluster.clockMs = null;
    const { verdicts, clockSkewMs } = await inspected();
    expect(verdicts["rights"]).toBe("PASS");
    expect(clockSkewMs).toBeNull();
  });

  test("a clock that is ahead is measured", async () => {
    cluster.clockMs = () => Date.now() + 90_000;
    expect((await inspected()).clockSkewMs).toBeGreaterThan(85_000);
  });

  test("an instant that is no date is FAIL, and lines are not searched by it", async () => {
    cluster.fields = { ...cluster.fields, "@timestamp": { date: {}, text: {} } };
    const { verdicts, text } = await inspected();
    expect(verdicts).toEqual({ rights: "PASS", shape: "FAIL" });
    expect(text).toContain("mapped as text in some index");
  });

  test.each([
    ["no field", { trace_id: {} }, {}, "no field holds trace ids"],
    ["no line with one", {}, { traced: 0 }, "0 of 200 lines"],
    ["mapped as text only", { trace_id: { text: {} } }, {}, "text without a keyword"],
  ])("trace ids are WARN: %s", async (_title, fields, lines, words) => {
    cluster.fields = { ...cluster.fields, ...fields };
    cluster.lines = { ...cluster.lines, ...lines };
    const { verdicts, text } = await inspected();
    expect(verdicts["trace-ids"]).toBe("WARN");
    expect(text).toContain(words);
  });

  test("a quiet hour says nothing of trace ids; an old newest line and lines from the future are told", async () => {
    cluster.lines = { ...cluster.lines, hour: 0, traced: 0, newest: Date.now() - 3 * hourMs };
    expect((await inspected()).verdicts).toMatchObject({ "trace-ids": "UNKNOWN", freshness: "WARN" });
    cluster.lines = { ...cluster.lines, newest: Date.now() + hourMs, future: 12 };
    const { verdicts, text } = await inspected();
    expect(verdicts).toMatchObject({ clock: "WARN" });
    expect(text).toContain("12 lines are from more than a minute in the future");
  });

  test("a pattern without an index is FAIL", async () => {
    cluster.indices = [];
    expect((await inspected()).verdicts).toEqual({ rights: "PASS", shape: "FAIL" });
  });
});
