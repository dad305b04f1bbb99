/** Who writes what of each story, and in which shape it reaches the backends. */
import { describe, expect, test } from "@jest/globals";
import type { ApplicationLine, Exchange } from "../../../src/demo/simulation/exchange.js";
import { requestIdOf, traceIdOf } from "../../../src/demo/simulation/trace-ids.js";
import { bulkBody, fluentdDocument, memoryLogInput } from "../../../src/demo/telemetry/logs/log-backends.js";
import { meshLogLines } from "../../../src/demo/telemetry/logs/mesh-log-lines.js";
import { meshSpans } from "../../../src/demo/telemetry/spans/mesh-span.js";
import { stories } from "./stories.js";
import { attempt, call, connection, mysql, pods, services, t0 } from "./tiny-mesh.js";

const all = { hasAccessLogs: true };

/** Each line as proxy's workload, code, flags, details and upstream host. */
const accessOf = (exchange: Exchange) =>
  meshLogLines(exchange, all).map(({ pod, fields }) =>
    [
      pod.workload.name,
      fields["response_code"],
      fields["response_flags"],
      fields["response_code_details"],
      fields["upstream_host"],
    ].join(" "),
  );

describe("access logs", () => {
  test.each([
    ["delayCutShort", ["reviews-v3 0 DI,DC downstream_remote_disconnect "]],
    ["abort", ["reviews-v2 500 FI fault_filter_abort "]],
    ["noEndpoints", ["reviews-v2 503 UH no_healthy_upstream "]],
    [
      "denied",
      [
        "reviews-v3 403 - via_upstream 10.244.1.31:9080",
        "ratings-v1 403 - rbac_access_denied_matched_policy[ns[bookinfo]-policy[deny-reviews-v3]-rule[0]] ",
      ],
    ],
    [
      "routeTimeout",
      [
        "reviews-v2 504 UT response_timeout 10.244.1.31:9080",
        "ratings-v1 0 DC downstream_remote_disconnect 10.244.1.31:9080",
      ],
    ],
    ["blackHole", ["details-v1 0 UH  "]],
  ] as const)("of %s", (story, expected) => {
    expect(accessOf(stories[story])).toEqual(expected);
  });

  test("tell the reason of a dead application at its own sidecar", () => {
    const [, server] = meshLogLines(stories.appDown, all);
    expect(server?.fields).toMatchObject({
      upstream_host: "10.244.1.31:9080",
      upstream_local_address: null,
      upstream_service_time: null,
      upstream_transport_failure_reason: "delayed_connect_error:_Connection_refused",
    });
  });

  test("bear the time the request began and are written when it has ended", () => {
    const [client] = meshLogLines(stories.delayCutShort, all);
    expect(client).toMatchObject({ atMs: t0, writtenMs: t0 + 2_501, container: "istio-proxy", level: "UNKNOWN" });
    expect(client?.fields).toMatchObject({ start_time: "2026-03-02T10:00:00.000Z", duration: 2_501 });
  });

  test("of a held call say how fast its upstream really was", () => {
    const held = meshLogLines(stories.delay, all).find(({ fields }) => fields["response_flags"] === "DI");
    expect(held?.fields).toMatchObject({ duration: 7_003, upstream_service_time: "2" });
  });

  test("have Istio's 24 keys, for connections too", () => {
    const keys = (exchange: Exchange) => Object.keys(meshLogLines(exchange, all)[0]?.fields ?? {});
    expect(keys(stories.abort)).toHaveLength(24);
    expect(keys(stories.mysql)).toEqual(keys(stories.abort));
  });

  test("reach a memory source in words, with their fields beside", () => {
    const [client] = meshLogLines(stories.abort, all);
    expect(client && memoryLogInput(client)).toMatchObject({
      message:
        "GET ratings:9080/ratings/0 500 FI fault_filter_abort after 0 ms, outbound|9080||ratings.bookinfo.svc.cluster.local",
      level: "UNKNOWN",
      traceId: null,
      requestId: requestIdOf(1, true),
      accessLog: { responseCode: 500, responseFlags: ["FI"], durationMs: 0 },
    });
  });

  test("of a connection hold its duration, its bytes and no request", () => {
    const [line] = meshLogLines(connection(pods.ratings, mysql, { endMs: t0 + 1_802 }), all);
    expect(line?.fields).toMatchObject({
      duration: 1_802,
      bytes_received: 27,
      bytes_sent: 11,
      upstream_cluster: "outbound|3306||mysql.example.com",
      upstream_host: "192.0.2.80:3306",
      request_id: null,
      response_code: 0,
    });
  });
});

const said: ApplicationLine = {
  atMs: t0 + 3.7,
  level: "ERROR",
  message: "Error: unable to contact ratings got status of 500",
  status: 500,
  durationMs: null,
};
const quiet: ApplicationLine = { ...said, level: "INFO", message: "GET /reviews/0 200", status: 200, durationMs: 4.9 };

function withLines(isSampled: boolean) {
  const work = { lines: [said, quiet] };
  return call(pods.productpage, services.reviews, {}, [attempt(pods.reviewsV2, {}, work)], {
    isSampled,
    user: "jason",
  });
}

describe("application logs", () => {
  const told = withLines(true);
  const lines = meshLogLines(told, all).filter(({ container }) => container === "reviews");

  test("name the trace and the server span they were written in", () => {
    const server = meshSpans(told).find(({ kind }) => kind === "SERVER");
    expect(lines[0]?.fields).toEqual({
      time: "2026-03-02T10:00:00.003Z",
      level: "ERROR",
      message: "Error: unable to contact ratings got status of 500",
      service: "reviews",
      version: "v2",
      trace_id: server?.traceId,
      span_id: server?.spanId,
      request_id: server?.tags["guid:x-request-id"],
      user: "jason",
      status: 500,
    });
    expect(lines[1]?.fields).toMatchObject({ duration_ms: 4 });
  });

  test("reach a memory source as they would come back from Elasticsearch", () => {
    expect(lines.slice(0, 1).map(memoryLogInput)).toEqual([
      {
        atMs: t0 + 3,
        message: "Error: unable to contact ratings got status of 500",
        level: "ERROR",
        namespace: "bookinfo",
        pod: "reviews-v2-5c8d9f7b6d-x2x7k",
        container: "reviews",
        serviceNames: ["reviews"],
        traceId: traceIdOf(told.requestNumber),
        spanId: meshSpans(told)[1]?.spanId,
        requestId: requestIdOf(told.requestNumber, true),
      },
    ]);
  });

  test("are shipped as Fluentd does, dots in label names as underscores", () => {
    const documents = lines.map(fluentdDocument);
    expect(documents[1]).toMatchObject({
      "@timestamp": "2026-03-02T10:00:00.003Z",
      message: "GET /reviews/0 200",
      log: JSON.stringify(lines[1]?.fields),
      kubernetes: {
        container_name: "reviews",
        namespace_name: "bookinfo",
        pod_name: "reviews-v2-5c8d9f7b6d-x2x7k",
        host: "node-1",
        labels: {
          app: "reviews",
          version: "v2",
          "pod-template-hash": "5c8d9f7b6d",
          "service_istio_io/canonical-name": "reviews",
        },
      },
    });
    const [action, source] = bulkBody(lines).split("\n");
    expect(JSON.parse(action ?? "")).toEqual({ create: { _index: "logstash-2026.03.02" } });
    expect(JSON.parse(source ?? "")).toEqual(documents[0]);
    expect(bulkBody([])).toBe("");
  });
});

describe("quiet lines", () => {
  const written = (isSampled: boolean, hasAccessLogs: boolean) =>
    meshLogLines(withLines(isSampled), { hasAccessLogs }).map(({ container, level }) => `${container} ${level}`);

  test("are kept of sampled requests, all or none", () => {
    const proxies = ["istio-proxy UNKNOWN", "istio-proxy UNKNOWN"];
    expect(written(true, true)).toEqual([...proxies, "reviews ERROR", "reviews INFO"]);
    expect(written(false, true)).toEqual(["reviews ERROR"]);
  });

  test("are the applications' alone where proxies write no access log, as Linkerd's", () => {
    expect(written(true, false)).toEqual(["reviews ERROR", "reviews INFO"]);
    expect(meshLogLines(stories.mysql, { hasAccessLogs: false })).toEqual([]);
    expect(meshLogLines({ ...stories.delay, isSampled: false }, { hasAccessLogs: false })).toEqual([]);
  });

  test("leave lines of trouble where they are", () => {
    const unsampled = { ...stories.delay, isSampled: false };
    const flags = meshLogLines(unsampled, all).map(({ fields }) => fields["response_flags"]);
    expect(flags).toEqual(["DC", "DC", "DI", "DC", "DC", "DI"]);
  });
});
