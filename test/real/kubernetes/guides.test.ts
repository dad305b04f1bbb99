import { createHash } from "node:crypto";
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";

import { commandsOf, type GuideBlock, guideBlocks, optionsOf } from "../../support/deploy/guides.js";
import type { Json } from "../../support/kube-objects.js";
import { repositoryRoot } from "../../support/repository-root.js";
import { installHelm } from "../backends/helm.js";
import { cacheFolder, createInstallCache } from "../backends/install-cache.js";
import { installKubectl, installKubernetes, type KubernetesCluster, startKubernetes } from "../backends/kubernetes.js";
import { runCommand } from "../backends/run-command.js";
import { installKinds, installMeshKinds } from "./install-mesh-kinds.js";
import { operatorCrds } from "./operator-crds.js";
import { namespaceOf } from "./story-objects.js";

let folder = "";
let cluster: KubernetesCluster;
let kubectl = "";
const remedy = "Mend the guide.";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-guides-"));
  const cache = createInstallCache(cacheFolder(process.env), new AbortController().signal, () => {});
  kubectl = await installKubectl(cache);
  const programs = { kubectl, helm: await installHelm(cache) };
  cluster = await startKubernetes(await installKubernetes(cache), join(folder, "cluster"));
  await Promise.all([installMeshKinds(cluster.admin), installKinds(cluster.admin, operatorCrds())]);
  await cluster.admin.put(namespaceOf("istio-system"));
  await mkdir(join(folder, "bin"));
  const main = join(repositoryRoot, "dist/src/cli/main.js");
  for (const [name, line] of [...Object.entries(programs), ["meshlens", `${process.execPath} ${main}`]] as const) {
    const file = join(folder, "bin", name);
    await writeFile(file, `#!/bin/sh\nexec ${line} "$@"\n`);
    await chmod(file, 0o755);
  }
  // As in a checkout.
  await cp(join(repositoryRoot, "deploy"), join(folder, "place/deploy"), { recursive: true });
}, 900_000);

afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true });
});

const blocks = guideBlocks();
/** A reader goes from one to the next; the last takes everything away. */
const inOrder = [
  "install-on-kubernetes",
  "connect-to-istio",
  "write-objectives",
  "slack-app",
  "several-copies",
  "grafana",
  "upgrade-and-backup",
];

function run({ script }: GuideBlock): Promise<string> {
  return runCommand("bash", ["-euo", "pipefail", "-c", script], {
    cwd: join(folder, "place"),
    environment: {
      PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
      KUBECONFIG: cluster.kubeconfig("admin"),
      HELM_CONFIG_HOME: join(folder, "helm"),
      HELM_CACHE_HOME: join(folder, "helm"),
      HELM_DATA_HOME: join(folder, "helm"),
    },
    remedy,
  });
}

const get = (path: string) => cluster.admin.send("GET", path);
const namespaced = "/namespaces/meshlens";

describe("the commands of the guides, typed one after the other", () => {
  test("are all of guides this test knows", () => {
    const guides = new Set(blocks.filter(({ needs }) => needs === null).map(({ guide }) => guide));
    expect([...guides].sort()).toEqual([...inOrder].sort());
  });

  test("install it, connect it, and take it away again", async () => {
    for (const guide of inOrder) {
      for (const block of blocks.filter((one) => one.guide === guide && one.needs === null)) {
        await run(block);
        if (/helm install /.test(block.script)) await expectInstalled();
        if (/--kustomize /.test(block.script)) await expectCustomised();
        if (/slack-values/.test(block.script)) await expectSlackBesideSources();
        if (/replicas=2/.test(block.script)) expect(await replicas()).toBe(2);
        if (/--replicas=0/.test(block.script)) expect(await replicas()).toBe(0);
      }
    }
    await expect(get(`/apis/apps/v1${namespaced}/deployments/meshlens`)).rejects.toThrow(/404/);
    await get(`/api/v1${namespaced}/persistentvolumeclaims/meshlens`);
    await get("/apis/telemetry.istio.io/v1/namespaces/istio-system/telemetries/meshlens");
  }, 480_000);

  test("give an istiod that is there its settings, by a chart that writes them where Istio's own does", async () => {
    const chart = join(folder, "place/istio/istiod");
    await mkdir(join(chart, "templates"), { recursive: true });
    await writeFile(join(chart, "Chart.yaml"), "apiVersion: v2\nname: istiod\nversion: 1.0.0\n");
    await writeFile(join(chart, "values.yaml"), "meshConfig: { rootNamespace: istio-system }\n");
    await writeFile(join(chart, "templates/mesh.yaml"), istioMesh);
    await run({ ...noBlock, script: "helm install istiod istio/istiod --namespace istio-system --set kept=before" });
    const given = blocks.filter(({ needs }) => needs === "istio");
    expect(given).toHaveLength(1);
    for (const block of given) await run(block);
    const map = await get("/api/v1/namespaces/istio-system/configmaps/istio");
    const { mesh = "", kept } = map["data"] as unknown as Record<string, string>;
    const { extensionProviders } = parse(mesh) as { extensionProviders: readonly { name: string }[] };
    expect([extensionProviders.length, kept]).toEqual([2, "before"]);
    expect(mesh).toContain("rootNamespace: istio-system");
  });

  const needing = blocks.filter(({ needs }) => needs === "pods").flatMap((block) => commandsOf(block));
  test.each(needing.map((words) => words.join(" ")))("%s: has the options it names", async (line) => {
    const words = line.split(" ").slice(1);
    const [verb = "", what = ""] = words.filter(
      (word, at) => !word.startsWith("--") && words[at - 1] !== "--namespace",
    );
    const help = await runCommand(kubectl, [verb, ...(verb === "rollout" ? [what] : []), "--help"], { remedy });
    const general = await runCommand(kubectl, ["options"], { remedy });
    for (const option of optionsOf(words)) expect(`${help}${general}`).toContain(`${option}=`);
  });
});

const noBlock = { guide: "", needs: null };
const istioMesh = `apiVersion: v1
kind: ConfigMap
metadata: { name: istio }
data:
  kept: {{ .Values.kept | quote }}
  mesh: |-
    {{- toYaml .Values.meshConfig | nindent 4 }}
`;

async function expectInstalled(): Promise<void> {
  const map = (await get(`/api/v1${namespaced}/configmaps/meshlens`)) as { data: Record<string, string> };
  expect(map.data["meshlens.yaml"]).toContain("http://jaeger-query.tracing.svc:16686");
  const secret = (await get(`/api/v1${namespaced}/secrets/meshlens`)) as { data: Record<string, string> };
  const decoded = (key: string) => Buffer.from(secret.data[key] ?? "", "base64").toString();
  expect(decoded("token-sha256")).toBe(createHash("sha256").update(decoded("token")).digest("hex"));
}

/** Values of before are not lost with those for Slack. */
async function expectSlackBesideSources(): Promise<void> {
  const map = (await get(`/api/v1${namespaced}/configmaps/meshlens`)) as { data: Record<string, string> };
  expect(map.data["meshlens.yaml"]).toContain("http://jaeger-query.tracing.svc:16686");
  expect(map.data["meshlens.yaml"]).toContain("SLACK_BOT_TOKEN");
}

async function expectCustomised(): Promise<void> {
  const deployment = await get(`/apis/apps/v1${namespaced}/deployments/meshlens`);
  expect(JSON.stringify(deployment["spec"])).toContain('"image":"registry.example.com/meshlens:0.1.0"');
  expect(JSON.stringify(deployment["spec"])).toContain("kubectl.kubernetes.io/restartedAt");
  const map = (await get(`/api/v1${namespaced}/configmaps/meshlens`)) as { data: Record<string, string> };
  expect(map.data["meshlens.yaml"]).toContain("http://prometheus.monitoring.svc:9090");
}

async function replicas(): Promise<unknown> {
  const { spec } = (await get(`/apis/apps/v1${namespaced}/deployments/meshlens`)) as { spec: Json };
  return spec["replicas"];
}
