// The ruler of a real Prometheus evaluates the recording rules that Meshlens reads: what a step holds when pods restart, come and go.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { recordedAt, recordedBuckets } from "../../src/mesh/metrics/recorded-steps.js";
import { repositoryRoot } from "../support/repository-root.js";
import { cacheFolder, createInstallCache } from "./backends/install-cache.js";
import { promtools } from "./backends/prometheus.js";
import { runCommand } from "./backends/run-command.js";

const rulesOf = (mesh: string) => join(repositoryRoot, `dashboards/rules/meshlens-${mesh}.yaml`);
const stopping = new AbortController();
const remedy = "The ruler does not record what Meshlens reads.";
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-recording-rules-"));
});
afterAll(async () => {
  stopping.abort();
  await rm(folder, { recursive: true, force: true });
});

const target = (pod: string) => `job="mesh",instance="${pod}:15020",pod="${pod}"`;
const bucket = (pod: string, code: string, values: string) => ({
  series: `istio_request_duration_milliseconds_bucket{reporter="source",destination_service="ratings.bookinfo.svc.cluster.local",response_code="${code}",le="5.0",${target(pod)}}`,
  values,
});
const step = (atSeconds: number, value: number) => ({
  expr: `sum(${recordedBuckets})`,
  eval_time: `${atSeconds}s`,
  exp_samples: [{ labels: "{}", value }],
});
/** Scraped every 15 s; at 300 s one pod restarts, one answers a first 503, and one comes with a history that nobody saw grow. */
const story = {
  rule_files: [rulesOf("istio")],
  evaluation_interval: "30s",
  tests: [
    {
      interval: "15s",
      input_series: [
        { series: `istio_requests_total{reporter="source",${target("steady")}}`, values: "0+10x40" },
        bucket("steady", "200", "0+10x40"),
        bucket("restarts", "200", "0+10x19 0+10x20"),
        bucket("steady", "503", "_x20 5+5x20"),
        bucket("comes", "200", "_x20 1000+10x20"),
      ],
      promql_expr_test: [
        // 20 of each of two pods in (180 s, 210 s], told 30 s later.
        step(240, 40),
        // 20, nothing of what the restart took with it, the 5 of the first failures.
        step(330, 25),
        step(360, 70),
        {
          expr: `count_over_time(${recordedAt}{mesh="istio"}[239s])`,
          eval_time: "480s",
          exp_samples: [{ labels: '{mesh="istio"}', value: 8 }],
        },
      ],
    },
  ],
};

describe.each(Object.entries(promtools))("the ruler of Prometheus %s", (version, install) => {
  let promtool = "";
  beforeAll(async () => {
    promtool = await install(createInstallCache(cacheFolder(process.env), stopping.signal, () => undefined));
  }, 600_000);

  test.each(["istio", "linkerd"])("takes the rules of %s", async (mesh) => {
    const said = await runCommand(promtool, ["check", "rules", rulesOf(mesh)], { cwd: folder, remedy });
    expect(said).toContain("SUCCESS: 6 rules found");
  });

  test("counts steps that join without gap, and what a fault begins with", async () => {
    const file = `${version}-story.yaml`;
    await writeFile(join(folder, file), stringify(story, { lineWidth: 0 }));
    const said = await runCommand(promtool, ["test", "rules", file], { cwd: folder, remedy });
    expect(said).toContain("SUCCESS");
  });
});
