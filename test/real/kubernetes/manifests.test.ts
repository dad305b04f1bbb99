import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { renderChart } from "../../support/deploy/plain-manifests.js";
import type { Json } from "../../support/kube-objects.js";
import { repositoryRoot } from "../../support/repository-root.js";
import { installHelm } from "../backends/helm.js";
import { cacheFolder, createInstallCache } from "../backends/install-cache.js";
import { installKubernetes, type KubernetesCluster, startKubernetes } from "../backends/kubernetes.js";
import { installKinds, installMeshKinds } from "./install-mesh-kinds.js";
import { operatorCrds } from "./operator-crds.js";
import { namespaceOf } from "./story-objects.js";

let folder = "";
let helm = "";
let cluster: KubernetesCluster;
const deploy = join(repositoryRoot, "deploy");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-manifests-"));
  const cache = createInstallCache(cacheFolder(process.env), new AbortController().signal, () => {});
  helm = await installHelm(cache);
  cluster = await startKubernetes(await installKubernetes(cache), folder);
  const { admin } = cluster;
  await Promise.all([installMeshKinds(admin), installKinds(admin, operatorCrds())]);
  // Objects are tried in namespaces that are there.
  for (const name of ["istio-system", "logging"]) await admin.put(namespaceOf(name));
  await admin.put(objectsOf(await readFile(join(deploy, "kubernetes/namespace.yaml"), "utf8"))[0] as Json);
}, 900_000);

afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true });
});

const objectsOf = (text: string) =>
  parseAllDocuments(text)
    .map((document) => document.toJS() as Json | null)
    .filter((object) => object !== null);

/** Nothing here is an object of a cluster. */
const notObjects: ReadonlySet<string> = new Set(["kustomization.yaml", "mesh-config.yaml"]);

async function shippedManifests(): Promise<readonly string[]> {
  const folders = ["kubernetes", "kubernetes/monitoring", "istio", "fluentd", "fluent-bit"];
  const listed = await Promise.all(
    folders.map(async (name) => (await readdir(join(deploy, name))).map((file) => `${name}/${file}`)),
  );
  const texts = listed.flat().filter((path) => path.endsWith(".yaml") && !notObjects.has(path.split("/").at(-1) ?? ""));
  return texts.filter((path) => path !== "fluent-bit/fluent-bit.yaml");
}

/** The pod a Deployment or DaemonSet would make. */
function podOf({ metadata, spec }: Json): Json {
  const { template } = spec as { readonly template: Json };
  const { name, namespace } = metadata as Json;
  return {
    apiVersion: "v1",
    kind: "Pod",
    ...template,
    metadata: { ...(template["metadata"] as Json), name, namespace },
  };
}

const everything = `
image: { repository: registry.example.com/meshlens, digest: "sha256:${"a".repeat(64)}" }
imagePullSecrets: [{ name: registry }]
store: { kind: postgres }
objectives: { shop.yaml: "service: shop/storefront" }
autoscaling: { enabled: true }
ingress: { enabled: true, className: nginx, tlsSecret: meshlens-tls, annotations: { a: b } }
serviceMonitor:
  enabled: true
  labels: { release: monitoring }
  tlsConfig: { ca: { secret: { name: meshlens-tls, key: ca.crt } }, serverName: meshlens.meshlens.svc }
config: { server: { tls: { certFile: /etc/tls/tls.crt, keyFile: /etc/tls/tls.key } } }
prometheusRule: { enabled: true, labels: { release: monitoring } }
networkPolicy:
  from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } } }]
env: [{ name: HTTPS_PROXY, value: "http://proxy:3128" }]
service: { annotations: { a: b } }
serviceAccount: { annotations: { a: b } }
podAnnotations: { sidecar.istio.io/inject: "false" }
podLabels: { team: mesh }
nodeSelector: { kubernetes.io/os: linux }
tolerations: [{ key: infra, operator: Exists }]
affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: a, operator: Exists }] }] } } }
extraVolumes: [{ name: ca, configMap: { name: ca } }]
extraVolumeMounts: [{ name: ca, mountPath: /etc/ca, readOnly: true }]
`;

const nothing = `
serviceAccount: { create: false, name: default }
rbac: { create: false }
store: { sqlite: { persistent: false } }
networkPolicy: { enabled: false }
config: { slo: null }
`;

describe("a real API server", () => {
  test("takes every shipped manifest, with no field it does not know", async () => {
    const paths = await shippedManifests();
    expect(paths).toEqual(expect.arrayContaining(["kubernetes/deployment.yaml", "istio/telemetry.yaml"]));
    for (const path of paths) {
      for (const object of objectsOf(await readFile(join(deploy, path), "utf8"))) {
        if (object["kind"] === "Namespace") continue;
        const taken = await cluster.admin.dryRun(object);
        expect([path, taken["kind"]]).toEqual([path, object["kind"]]);
      }
    }
  });

  test.each([
    ["as it comes", ""],
    ["with everything", everything],
    ["without rights, a volume and a network policy", nothing],
  ])("takes the chart %s", async (_, text) => {
    const values = join(folder, "values.yaml");
    await writeFile(values, text);
    const objects = objectsOf(await renderChart(helm, ["--values", values]));
    for (const object of objects) await cluster.admin.dryRun(object);
    expect(objects.length).toBeGreaterThanOrEqual(3);
  });

  test("lets the pod into a namespace of the strictest pod security standard, and no looser one", async () => {
    const [deployment = {}] = objectsOf(await readFile(join(deploy, "kubernetes/deployment.yaml"), "utf8"));
    const pod = podOf(deployment);
    await cluster.admin.dryRun(pod);
    const { spec } = pod as { spec: { containers: readonly Json[] } };
    const loose = spec.containers.map(({ securityContext: _, ...container }) => container);
    await expect(cluster.admin.dryRun({ ...pod, spec: { ...spec, containers: loose } })).rejects.toThrow(/PodSecurity/);
  });

  test("refuses what it does not know, so that the above says something", async () => {
    const [service = {}] = objectsOf(await readFile(join(deploy, "kubernetes/service.yaml"), "utf8"));
    const wrong = { ...service, spec: { ...(service["spec"] as Json), prots: [] } };
    await expect(cluster.admin.dryRun(wrong)).rejects.toThrow(/unknown field \\"spec\.prots\\"/);
  });
});
