import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { loadConfig } from "../../../src/config/load-config.js";
import { chartFolder, plainManifests, renderChart } from "../../support/deploy/plain-manifests.js";
import { golden } from "../../support/golden.js";
import type { Json } from "../../support/kube-objects.js";
import { repositoryRoot } from "../../support/repository-root.js";
import { installHelm, installKustomize } from "../backends/helm.js";
import { cacheFolder, createInstallCache } from "../backends/install-cache.js";
import { runCommand } from "../backends/run-command.js";

const stopping = new AbortController();
let folder = "";
let helm = "";
let kustomize = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "meshlens-chart-test-"));
  const cache = createInstallCache(cacheFolder(process.env), stopping.signal, () => undefined);
  helm = await installHelm(cache);
  kustomize = await installKustomize(cache);
}, 900_000);

afterAll(async () => {
  stopping.abort();
  await rm(folder, { recursive: true, force: true });
});

const objectsOf = (text: string) =>
  parseAllDocuments(text)
    .map((document) => document.toJS() as Json | null)
    .filter((object) => object !== null);
const rendered = async (...values: readonly string[]) => objectsOf(await renderChart(helm, values));
const kindsOf = (objects: readonly Json[]) => objects.map(({ kind }) => String(kind)).sort();
const ofKind = (objects: readonly Json[], kind: string) => objects.filter((object) => object["kind"] === kind);
const set = (text: string) => ["--set", text] as const;
const several = set("store.kind=postgres,replicas=3");

describe("the Helm chart", () => {
  test("has nothing that helm lint objects to", async () => {
    const said = await runCommand(helm, ["lint", "--strict", chartFolder], { remedy: "Mend the chart." });
    expect(said).toContain("0 chart(s) failed");
  });

  test("golden: its plain form is what deploy/kubernetes holds", async () => {
    const manifests = await plainManifests(helm);
    expect([...manifests.keys()]).toContain("cluster-role.yaml");
    for (const [path, text] of manifests) golden(join(repositoryRoot, "deploy/kubernetes", path), text);
  });

  test("and kustomize makes the same objects of them, beside the namespace", async () => {
    const built = objectsOf(
      await runCommand(kustomize, ["build", join(repositoryRoot, "deploy/kubernetes")], {
        remedy: "Mend deploy/kubernetes.",
      }),
    );
    expect(kindsOf(built)).toEqual(kindsOf([...(await rendered()), { kind: "Namespace" }]));
    const [deployment] = ofKind(built, "Deployment");
    expect(JSON.stringify(deployment)).toContain('"image":"meshlens:0.1.0"');
    expect(JSON.stringify(built)).not.toContain("helm.sh");
  });

  test.each(["fluentd/fluent.conf", "fluent-bit/fluent-bit.yaml"])(
    "and of %s a DaemonSet that has it as its configuration",
    async (configuration) => {
      const [name = "", file = ""] = configuration.split("/");
      const path = join(repositoryRoot, "deploy", name);
      const built = objectsOf(await runCommand(kustomize, ["build", path], { remedy: `Mend deploy/${name}.` }));
      expect(kindsOf(built)).toEqual(["ClusterRole", "ClusterRoleBinding", "ConfigMap", "DaemonSet", "ServiceAccount"]);
      const [map] = ofKind(built, "ConfigMap") as unknown as { metadata: { name: string }; data: Json }[];
      expect(map?.data).toEqual({ [file]: await readFile(join(path, file), "utf8") });
      // The name has the hash of what is in it: a change rolls the pods.
      expect(JSON.stringify(ofKind(built, "DaemonSet"))).toContain(`"configMap":{"name":"${map?.metadata.name}"}`);
      expect(map?.metadata.name).not.toBe(name);
    },
  );

  test("writes a configuration that Meshlens accepts, with one replica on a file and with several on PostgreSQL", async () => {
    const values = join(folder, "values.yaml");
    await writeFile(values, manyValues);
    for (const given of [[], ["--values", values]]) {
      const [map] = ofKind(await rendered(...given), "ConfigMap") as unknown as { data: Record<string, string> }[];
      const file = join(folder, "meshlens.yaml");
      await writeFile(file, map?.data["meshlens.yaml"] ?? "");
      const environment = {
        MESHLENS_TOKEN_SHA256: "a".repeat(64),
        SLACK_BOT_TOKEN: "xoxb-1",
        MESHLENS_STORE_URL: "postgres://store/meshlens",
        KUBERNETES_SERVICE_HOST: "127.0.0.1",
        KUBERNETES_SERVICE_PORT: "443",
      };
      const { config } = loadConfig(await withoutKubernetes(file), environment);
      expect([config.server.host, config.store?.url]).toEqual([
        "0.0.0.0",
        given.length === 0 ? "file:/var/lib/meshlens/meshlens.db" : environment.MESHLENS_STORE_URL,
      ]);
      expect(config.slo?.files).toEqual(given.length === 0 ? [] : ["slo/*.yaml"]);
    }
  });

  test("gives several copies a budget of disruptions, a rolling upgrade and hosts of their own, and one copy none of these", async () => {
    const one = await rendered();
    expect(kindsOf(one)).not.toContain("PodDisruptionBudget");
    expect(ofKind(one, "Deployment")[0]).toMatchObject({ spec: { strategy: { type: "Recreate" } } });
    const many = await rendered(...several);
    expect(kindsOf(many)).toContain("PodDisruptionBudget");
    expect(kindsOf(many)).not.toContain("PersistentVolumeClaim");
    expect(ofKind(many, "Deployment")[0]).toMatchObject({
      spec: {
        replicas: 3,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0 } },
        template: { spec: { topologySpreadConstraints: [{ topologyKey: "kubernetes.io/hostname" }] } },
      },
    });
  });

  test("lets the autoscaler choose the number of copies", async () => {
    const objects = await rendered(...set("store.kind=postgres,autoscaling.enabled=true"));
    expect(ofKind(objects, "Deployment")[0]?.["spec"]).not.toHaveProperty("replicas");
    expect(ofKind(objects, "HorizontalPodAutoscaler")[0]).toMatchObject({ spec: { minReplicas: 2, maxReplicas: 5 } });
  });

  test("makes no Secret, and puts none of their contents into the ConfigMap", async () => {
    const objects = await rendered(...several);
    expect(kindsOf(objects)).not.toContain("Secret");
    const [container] = containersOf(objects);
    expect(container?.env).toEqual([
      { name: "MESHLENS_TOKEN_SHA256", valueFrom: { secretKeyRef: { name: "meshlens", key: "token-sha256" } } },
      { name: "MESHLENS_STORE_URL", valueFrom: { secretKeyRef: { name: "meshlens-store", key: "url" } } },
    ]);
  });

  test("lets connections out to the ports of the sources' URLs, however they are written", async () => {
    const values = join(folder, "sources.yaml");
    await writeFile(values, sourceValues);
    const [policy] = ofKind(await rendered("--values", values), "NetworkPolicy") as unknown as {
      spec: { egress: { ports: { port: number }[] }[] };
    }[];
    expect(policy?.spec.egress[1]?.ports.map(({ port }) => port)).toEqual([443, 6443, 9090, 80, 9200, 9093]);
  });

  test("starts new pods for another configuration, and only then", async () => {
    const checksum = async (...values: readonly string[]) => {
      const [deployment] = ofKind(await rendered(...values), "Deployment");
      return JSON.stringify(deployment).match(/"checksum\/config":"(\w{64})"/)?.[1];
    };
    const usual = await checksum();
    expect(await checksum(...set("replicas=1"))).toBe(usual);
    expect(await checksum(...set("config.server.logLevel=debug"))).not.toBe(usual);
  });

  test.each([
    ["a key the configuration does not have", "config.server.prot=4000", /additional propert.*prot/i],
    ["a value of the wrong kind", "config.server.limits.depth=deep", /depth/],
    ["a value the chart does not have", "replicaCount=3", /replicaCount/],
    ["several copies of one file", "replicas=2", /several copies need store\.kind: postgres/],
    ["a store it does not know", "store.kind=mysql", /kind/],
  ])("refuses %s, and says which", async (_, value, said) => {
    await expect(renderChart(helm, set(value))).rejects.toThrow(said);
  });

  test("asks over https where the server speaks it", async () => {
    const tls = set(
      "config.server.tls.certFile=/tls/crt,config.server.tls.keyFile=/tls/key,serviceMonitor.enabled=true",
    );
    const text = JSON.stringify(await rendered(...tls));
    expect(text.match(/"port":"http","scheme":"HTTPS"/g)).toHaveLength(3);
    expect(text).toContain('"appProtocol":"https"');
    expect(text).toContain('"scheme":"https"');
    expect(JSON.stringify(await rendered())).not.toMatch(/https"|HTTPS/);
  });

  test("accepts a variable where the configuration wants a number", async () => {
    const variable = "$" + "{DEPTH:-15}";
    const [map] = ofKind(await rendered("--set-string", `config.server.limits.depth=${variable}`), "ConfigMap");
    expect(JSON.stringify(map)).toContain(variable);
  });
});

interface Container {
  readonly env: readonly unknown[];
}

function containersOf(objects: readonly Json[]): readonly Container[] {
  const [deployment] = ofKind(objects, "Deployment") as unknown as {
    spec: { template: { spec: { containers: Container[] } } };
  }[];
  return deployment?.spec.template.spec.containers ?? [];
}

/** A source of the kind kubernetes reads files that are in a pod only. */
async function withoutKubernetes(file: string): Promise<string> {
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/ *- kind: kubernetes\n *name: kube\n/, ""));
  return file;
}

const manyValues = `
replicas: 2
store: { kind: postgres }
objectives:
  shop.yaml: |
    service: shop/storefront
secretEnv:
  - { name: MESHLENS_TOKEN_SHA256, secret: meshlens, key: token-sha256 }
  - { name: SLACK_BOT_TOKEN, secret: meshlens-slack, key: token }
config:
  slack: { token: "\${SLACK_BOT_TOKEN}", channel: "#mesh-alerts" }
  store: { keepEvidence: 30d }
`;

const sourceValues = `
networkPolicy: { extraEgressPorts: [9093] }
config:
  sources:
    - { name: prometheus, kind: prometheus, url: "http://prometheus.monitoring:9090/prometheus" }
    - { name: jaeger, kind: jaeger, url: "http://jaeger.tracing" }
    - { name: zipkin, kind: zipkin, url: "https://zipkin.example.com" }
    - { name: logs, kind: elasticsearch, url: "https://user@logs.example.com:9200", index: "logstash-*" }
    - { name: kube, kind: kubernetes }
`;
