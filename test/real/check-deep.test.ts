import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { loadConfig } from "../../src/config/load-config.js";
import { compose } from "../../src/server/compose.js";
import { inspectInstallation } from "../../src/server/inspect-installation.js";
import { createElasticsearchSource } from "../../src/sources/elasticsearch/elasticsearch-source.js";
import { systemClock } from "../../src/telemetry/clock.js";
import { readExpected } from "../support/bookinfo/fixture-files.js";
import { repositoryRoot } from "../support/repository-root.js";
import { fetchText, posting } from "./backends/http-json.js";
import { feedDocuments } from "./backends/load-logs.js";
import { generationNames, generations } from "./joined-mesh.js";
import { readTestState } from "./state-file.js";

const state = readTestState();
const { toMs } = readExpected();

describe("check --deep over real servers", () => {
  test.each(generationNames)(
    "%s: rights, shapes, reporters, scrapes, sampling and ages of the recorded mesh",
    async (name) => {
      const { prometheus, logs } = generations[name];
      const example = loadConfig(join(repositoryRoot, "examples", "meshlens.yaml"), {
        PROMETHEUS_URL: state[prometheus].url,
        JAEGER_URL: state.jaeger.url,
        ZIPKIN_URL: state.zipkin.url,
        ELASTICSEARCH_URL: state[logs].url,
      });
      // The recorded day alone: what other tests feed is of other days.
      const sources = example.config.sources.map((source) =>
        source.kind === "elasticsearch" ? { ...source, index: "logstash-2026.03.02" } : source,
      );
      const loaded = { ...example, config: { ...example.config, sources } };
      // The recorded mesh's own time: then its last hour is the last hour.
      const composition = await compose(loaded, { clock: { nowMs: () => toMs } });
      const url = state.postgres.url;
      const withStore = {
        ...loaded,
        config: { ...loaded.config, store: { ...loaded.config.store, url } },
      } as typeof loaded;
      const found = await inspectInstallation(withStore, {
        composition,
        objectives: [],
        slack: null,
        timeoutMs: 30_000,
      });
      await composition.close();
      const verdicts = Object.fromEntries(
        found.map(({ name: of, findings }) => [of, findings.map(({ topic, verdict }) => `${topic} ${verdict}`)]),
      );
      // Clocks are apart because ours stands in the recording, and nothing of it is a week old.
      const traces = [
        "reachable PASS",
        "clock WARN",
        "services PASS",
        "sampling PASS",
        "freshness PASS",
        "retention WARN",
      ];
      const lines = ["rights PASS", "shape PASS", "trace-ids PASS", "freshness PASS"];
      const samples = ["metrics PASS", "reporters PASS", "scrape PASS", "cardinality PASS", "freshness PASS"];
      expect(verdicts).toEqual({
        prometheus: ["reachable PASS", "clock WARN", ...samples, "retention WARN"],
        jaeger: traces,
        zipkin: traces,
        logs: ["reachable PASS", ...lines, "clock WARN", "retention WARN"],
        store: ["store PASS"],
      });
    },
  );
});

describe("the shipped index template", () => {
  test.each(["elasticsearch8", "elasticsearch9"] as const)(
    "%s takes it: ids are whole, lines are text, and check --deep finds nothing amiss",
    async (name) => {
      const { url } = state[name];
      const shipped = JSON.parse(
        readFileSync(join(repositoryRoot, "deploy/elasticsearch/index-template.json"), "utf8"),
      );
      // Not the pattern of other tests' indices.
      const template = { ...shipped, index_patterns: ["meshlens-template-*"] };
      const put = { ...posting("application/json", JSON.stringify(template)), method: "PUT" };
      await fetchText(`${url}/_index_template/meshlens-template`, put);
      const source = {
        "@timestamp": new Date().toISOString(),
        log: "GET /cart 503",
        trace_id: "0af7651916cd43dd8448eb211c80319c",
        response_code: "-",
        kubernetes: { namespace_name: "shop", pod_name: "cart-1", labels: { app_kubernetes_io_name: "cart" } },
        docker: { container_id: "c1" },
      };
      // Another application writes the same keys in its own way: its line is kept as well.
      const odd = { ...source, time: "yesterday at noon", latency: "fast" };
      const documents = [{ ...source, time: source["@timestamp"], latency: 12 }, odd].map((one, n) => ({
        ...{ index: "meshlens-template-1", id: String(n), source: one },
      }));
      await feedDocuments(name, url, documents, {});
      const mapping = await fetchText(`${url}/meshlens-template-1/_mapping`);
      expect(mapping).toContain('"trace_id":{"type":"keyword","ignore_above":64}');
      expect(mapping).toContain('"app_kubernetes_io_name":{"type":"keyword","ignore_above":256}');
      const logs = createElasticsearchSource({
        config: { name, url, index: "meshlens-template-*" },
        clock: systemClock,
      });
      const found = await logs.inspect?.({ signal: AbortSignal.timeout(30_000), deadlineMs: Date.now() + 30_000 });
      await logs.close();
      expect(found?.findings.filter(({ verdict }) => verdict !== "PASS")).toEqual([]);
      expect(Math.abs(found?.clockSkewMs ?? Number.NaN)).toBeLessThan(5_000);
      for (const path of ["meshlens-template-1", "_index_template/meshlens-template"])
        await fetchText(`${url}/${path}`, { method: "DELETE" });
    },
  );
});
