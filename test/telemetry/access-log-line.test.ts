import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { accessLogOfFields, accessLogOfText, accessLogText } from "../../src/telemetry/access-log-line.js";

const istioLine =
  '[2026-11-21T08:59:59.270Z] "GET /details/0 HTTP/1.1" 503 UF,URX upstream_reset_before_response_started{x} - "-" 0 50 2 1 "192.0.2.2" "lab load" "46008e0e-f233-95dd-aca2-dad978dc8d20" "details:9080" "127.77.0.12:9080" outbound|9080||details.bookinfo.svc.cluster.local 127.77.0.11:5 127.77.0.12:9080 127.77.0.11:54160 - default';

describe("Envoy's access log", () => {
  it("is read from Istio's text format", () => {
    expect(accessLogOfText(istioLine)).toEqual({
      method: "GET",
      path: "/details/0",
      protocol: "HTTP/1.1",
      responseCode: 503,
      responseFlags: ["UF", "URX"],
      responseCodeDetails: "upstream_reset_before_response_started{x}",
      durationMs: 2,
      bytesReceived: 0,
      bytesSent: 50,
      upstreamCluster: "outbound|9080||details.bookinfo.svc.cluster.local",
      upstreamHost: "127.77.0.12:9080",
      authority: "details:9080",
      requestId: "46008e0e-f233-95dd-aca2-dad978dc8d20",
      userAgent: "lab load",
    });
  });

  it("is read from plain Envoy's format, which has no details and no cluster", () => {
    const line =
      '[2016-04-15T20:17:00.310Z] "POST /a b HTTP/2" 204 - 154 0 226 100 "10.0.35.28" "nsq2http" "cc21d9b0" "locations" "tcp://10.0.2.1:80"';
    expect(accessLogOfText(line)).toMatchObject({
      method: "POST",
      path: "/a b",
      responseCode: 204,
      responseFlags: [],
      responseCodeDetails: null,
      bytesReceived: 154,
      durationMs: 226,
      requestId: "cc21d9b0",
      upstreamHost: "tcp://10.0.2.1:80",
      upstreamCluster: null,
    });
  });

  it("is read from a TCP line, which has no request", () => {
    const line =
      '[2026-11-21T09:00:39.163Z] "- - -" 0 UH - - "-" 0 0 0 - "-" "-" "-" "-" "-" BlackHoleCluster - 127.77.0.12:15002 127.77.0.12:46481 - -';
    expect(accessLogOfText(line)).toMatchObject({
      method: null,
      path: null,
      responseCode: 0,
      responseFlags: ["UH"],
      upstreamCluster: "BlackHoleCluster",
      upstreamHost: null,
      requestId: null,
    });
  });

  it("is read from JSON keys, numbers as numbers or text, absent ones as null", () => {
    const fields = { response_flags: "DI,DC", response_code: "0", duration: 3000, upstream_cluster: "c", path: null };
    expect(accessLogOfFields(fields)).toMatchObject({
      responseCode: 0,
      responseFlags: ["DI", "DC"],
      durationMs: 3000,
      upstreamCluster: "c",
      path: null,
      bytesSent: null,
    });
  });

  it("is not seen in an application's or Envoy's own line", () => {
    expect(accessLogOfFields({ message: "GET / 200", level: "INFO", response_code: 200 })).toBeNull();
    expect(accessLogOfText("[2026-11-21 08:59:59.270][1][warning][config] x")).toBeNull();
    expect(accessLogOfText('[2026-11-21T08:59:59Z] "GET / HTTP/1.1" 200 - cut')).toBeNull();
  });

  it("gives back every field it was written with, whatever stands in path and user agent", () => {
    const word = fc.stringMatching(/^[a-z0-9/?=&%._~ -]{1,30}$/).map((w) => `/${w.trim()}`);
    const size = fc.nat(1_000_000);
    fc.assert(
      fc.property(word, word, fc.constantFrom("-", "UH", "DI,DC"), size, size, (path, agent, flags, sent, duration) => {
        const line = `[2026-11-21T08:59:59.270Z] "GET ${path} HTTP/1.1" 200 ${flags} via_upstream - "-" 0 ${sent} ${duration} - "-" "${agent}" "id" "a" "h" c - - - - -`;
        const entry = accessLogOfText(line);
        expect(entry).toMatchObject({ path, userAgent: agent, bytesSent: sent, durationMs: duration });
        expect(entry?.responseFlags.join(",") || "-").toBe(flags);
      }),
    );
    fc.assert(fc.property(fc.string(), (line) => accessLogOfText(line) === null));
  });
});

describe("an access line in words", () => {
  const fields = {
    method: "GET",
    authority: "reviews:9080",
    path: "/reviews/0",
    response_code: 503,
    response_flags: "URX",
    response_code_details: "via_upstream",
    duration: 12,
    bytes_received: 0,
    bytes_sent: 95,
    upstream_cluster: "outbound|9080|v2|reviews.bookinfo.svc.cluster.local",
  };
  const textOf = (given: object) => accessLogText(accessLogOfFields({ ...fields, ...given }) ?? fail());
  const fail = (): never => {
    throw new Error("no access line");
  };

  it("says who was called, what came of it and where it went", () => {
    expect(textOf({})).toBe(
      "GET reviews:9080/reviews/0 503 URX after 12 ms, outbound|9080|v2|reviews.bookinfo.svc.cluster.local",
    );
    expect(textOf({ response_code: 200, response_flags: "-", upstream_cluster: "inbound|9080||" })).toBe(
      "GET reviews:9080/reviews/0 200 after 12 ms, inbound|9080||",
    );
  });

  it("gives Envoy's reason where it says more than that the server answered", () => {
    const denied = {
      response_code: 403,
      response_flags: "-",
      response_code_details: "rbac_access_denied_matched_policy[x]",
    };
    expect(textOf(denied)).toMatch(
      /^GET reviews:9080\/reviews\/0 403 rbac_access_denied_matched_policy\[x\] after 12 ms, /,
    );
  });

  it("of a connection has its bytes instead of a status", () => {
    const connection = { method: null, path: null, authority: null, response_code: 0, response_code_details: null };
    const mysql = { response_flags: "-", upstream_cluster: "outbound|3306||mysql.example.com", bytes_received: 27 };
    expect(textOf({ ...connection, ...mysql })).toBe(
      "TCP after 12 ms, outbound|3306||mysql.example.com, 27 B sent, 95 B received",
    );
    const dropped = { response_flags: "UH", upstream_cluster: "BlackHoleCluster", duration: null, bytes_sent: null };
    expect(textOf({ ...connection, ...dropped })).toBe("TCP UH, BlackHoleCluster");
  });
});
