import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { kibanaLinks, kqlPhrase } from "../../../src/mesh/links/kibana-link.js";
import { type LinkTargets, noLinkTargets, urlBelow } from "../../../src/mesh/links/link-targets.js";
import { logRecordLinks } from "../../../src/mesh/links/log-links.js";
import { type RisonValue, rison } from "../../../src/mesh/links/rison.js";
import { serviceLinks } from "../../../src/mesh/links/service-links.js";
import { traceLinks } from "../../../src/mesh/links/trace-links.js";
import { logRecord } from "../../support/log-records.js";
import { t0 } from "../../support/spans.js";
import { readRison } from "./read-rison.js";

const targets: LinkTargets = {
  publicUrl: "https://meshlens.example.com/",
  grafana: "https://grafana.example.com/g",
  kibana: "https://kibana.example.com/s/mesh",
  sources: [
    { name: "prom", kind: "prometheus", baseUrl: "https://prom.example.com" },
    { name: "jaeger", kind: "jaeger", baseUrl: "https://jaeger.example.com/jaeger/" },
    { name: "zipkin", kind: "zipkin", baseUrl: "http://127.0.0.1:9411" },
    { name: "logs", kind: "elasticsearch", baseUrl: "http://127.0.0.1:9200" },
  ],
};
const window = { fromMs: t0, toMs: t0 + 3_600_000 };
const reviews = { cluster: "default", namespace: "bookinfo", name: "reviews" };
const linksOf = (ref = reviews, to = targets) => serviceLinks(ref, window, to, () => null);
const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(`"}) or {`, "a'b!c", "*", "\\", "a\nb", "😀", "%27", "x'),(y", "\ud800"),
);

describe("links of a service", () => {
  test("are one per configured UI, below the base's own path", () => {
    expect(linksOf().map(({ kind, name, url }) => [kind, name, url.split("?")[0]])).toEqual([
      ["PROMETHEUS", "prom", "https://prom.example.com/graph"],
      ["JAEGER", "jaeger", "https://jaeger.example.com/jaeger/search"],
      ["ZIPKIN", "zipkin", "http://127.0.0.1:9411/zipkin/"],
      ["KIBANA", "logs", "https://kibana.example.com/s/mesh/app/discover#/"],
      ["GRAFANA", "explore", "https://grafana.example.com/g/explore"],
      ["MESHLENS", "service", "https://meshlens.example.com/graphiql"],
    ]);
  });

  test("carry the window in each UI's unit", () => {
    const [, jaeger, zipkin] = linksOf().map(({ url }) => new URL(url).searchParams);
    expect(jaeger?.get("start")).toBe(`${t0}000`);
    expect(zipkin?.get("endTs")).toBe(String(t0 + 3_600_000));
    expect(jaeger?.get("service")).toBe("reviews.bookinfo");
  });

  test("are none where no UI is configured or its base is no web address", () => {
    expect(linksOf(reviews, noLinkTargets)).toEqual([]);
    expect(urlBelow("javascript:alert(1)", "/x")).toBeNull();
    expect(urlBelow("not a url", "/x")).toBeNull();
  });

  test("never show the user and password of a base", () => {
    expect(urlBelow("https://me:secret@prom.example.com/p?x=1#y", "/graph")).toBe("https://prom.example.com/p/graph");
  });

  test("keep a hostile name a name in every UI", () => {
    fc.assert(
      fc.property(hostile, hostile, (namespace, name) => {
        const clean = (text: string) => Buffer.from(text).toString();
        const urls = Object.fromEntries(
          linksOf({ cluster: "c", namespace, name }).map(({ kind, url }) => [kind, new URL(url)]),
        );
        for (const url of Object.values(urls)) expect(url.href).not.toMatch(/[\s"<>]/);
        expect(urls["JAEGER"]?.searchParams.get("service")).toBe(clean(`${name}.${namespace}`));
        expect([...(urls["JAEGER"]?.searchParams.keys() ?? [])]).toHaveLength(5);
        const state = new URLSearchParams(urls["KIBANA"]?.hash.slice(3)).get("_a") ?? "";
        expect(readRison(state)).toEqual({
          query: { language: "kuery", query: clean(`${kqlPhrase(namespace)} and ${kqlPhrase(name)}`) },
          sort: [["@timestamp", "desc"]],
        });
        const expression = urls["PROMETHEUS"]?.searchParams.get("g0.expr") ?? "";
        expect(expression.replaceAll(/"(?:[^"\\\n]|\\.)*"/gs, "S")).toBe(
          "sum by (reporter, response_code) (rate(istio_requests_total{destination_service_namespace=S,destination_service_name=S}[5m]))",
        );
      }),
    );
  });
});

describe("rison", () => {
  test("reads back as what was written", () => {
    const { value } = fc.letrec<{ value: RisonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string({ unit: "binary" }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie("value"), { maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    fc.assert(fc.property(value, (one) => expect(readRison(rison(one))).toEqual(one)));
  });
});

describe("a KQL phrase", () => {
  test("is closed by its own last quote only", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(kqlPhrase(text)).toMatch(/^"(?:[^"\\]|\\["\\nrt])*"$/s);
      }),
    );
  });
});

describe("links of a trace", () => {
  const traceId = "5483e9af6382a5035c84d1cf73552cc2";

  test("lead to the UIs of the sources that hold it, and to its lines", () => {
    const links = traceLinks({ traceId, foundIn: ["zipkin"], startMs: t0 }, targets);
    expect(links.map(({ kind }) => kind)).toEqual(["ZIPKIN", "KIBANA"]);
    expect(links[0]?.url).toBe(`http://127.0.0.1:9411/zipkin/traces/${traceId}`);
    expect(decodeURIComponent(links[1]?.url ?? "")).toContain(`query:'"${traceId}"'`);
  });

  test("use the short form of a 64-bit id", () => {
    const links = traceLinks(
      { traceId: "0".repeat(16) + traceId.slice(16), foundIn: ["jaeger"], startMs: t0 },
      targets,
    );
    expect(links[0]?.url).toBe(`https://jaeger.example.com/jaeger/trace/${traceId.slice(16)}`);
  });
});

describe("links of a log record", () => {
  test("show the lines of its trace, else those its pod wrote around it", () => {
    const traceId = "5483e9af6382a5035c84d1cf73552cc2";
    expect(logRecordLinks(logRecord({ traceId }), targets)[0]?.url).toContain(traceId);
    expect(logRecordLinks(logRecord({ pod: "reviews-v1-x" }), targets)[0]?.url).toContain("reviews-v1-x");
    expect(logRecordLinks(logRecord(), noLinkTargets)).toEqual([]);
  });
});

describe("links to Kibana", () => {
  const stateIn = (version: 7 | 8 | 9, dataView: string | null) => {
    const form = { kibana: "https://kibana.example.com", kibanaForm: { version, dataView } };
    const [link] = kibanaLinks(form, "logs", kqlPhrase("reviews"), window);
    const { pathname, hash } = new URL(link?.url ?? "");
    return {
      path: `${pathname}${hash.slice(0, hash.indexOf("?"))}`,
      state: readRison(new URLSearchParams(hash.slice(hash.indexOf("?"))).get("_a") ?? ""),
    };
  };
  const query = { language: "kuery", query: '"reviews"' };
  const newest = [["@timestamp", "desc"]];

  test("have the form of their major version", () => {
    expect(stateIn(7, "logs-id")).toEqual({
      path: "/app/kibana#/discover",
      state: { index: "logs-id", query, sort: newest[0] },
    });
    expect(stateIn(8, "logs-id")).toEqual({
      path: "/app/discover#/",
      state: { index: "logs-id", query, sort: newest },
    });
    expect(stateIn(9, "logs-id")).toEqual({
      path: "/app/discover#/",
      state: { dataSource: { dataViewId: "logs-id", type: "dataView" }, query, sort: newest },
    });
  });

  test.each([7, 8, 9] as const)("of version %i name no data view where none is configured", (version) => {
    expect(Object.keys(stateIn(version, null).state as object).sort()).toEqual(["query", "sort"]);
  });
});
