import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { loadConfig } from "../../src/config/load-config.js";
import { compose } from "../../src/server/compose.js";
import { inspectInstallation } from "../../src/server/inspect-installation.js";
import { readExpected } from "../support/bookinfo/fixture-files.js";
import { repositoryRoot } from "../support/repository-root.js";
import { generationNames, generations } from "./joined-mesh.js";
import { readTestState } from "./state-file.js";

const state = readTestState();
const { toMs } = readExpected();

describe("check --deep over real servers", () => {
  test.each(generationNames)(
    "%s: rights, shapes, reporters, scrapes, sampling and ages of the recorded mesh",
    async (name) => {
      const { prometheus, logs } = generations[name];
      const loaded = loadConfig(join(repositoryRoot, "examples", "meshlens.yaml"), {
        PROMETHEUS_URL: state[prometheus].url,
        JAEGER_URL: state.jaeger.url,
        ZIPKIN_URL: state.zipkin.url,
        ELASTICSEARCH_URL: state[logs].url,
      });
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
    60_000,
  );
});
