/**
 * A Kubernetes API server 1.34 built from its Go module, on Debian's etcd. Without nodes and controllers: it keeps objects, and nothing
 * happens to them. Tests start one of their own, since they stop it; the suite's runner only looks whether it is installed.
 */
import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { waitUntil } from "../../support/wait-until.js";
import { unpackPackage } from "./debian-packages.js";
import { freePort } from "./free-ports.js";
import { buildGoProgram } from "./go-build.js";
import type { InstallCache } from "./install-cache.js";
import { createKubeAdmin, type KubeAdmin } from "./kube-admin.js";
import { runCommand } from "./run-command.js";
import { type ServerProcess, startServerProcess } from "./server-process.js";

/** What `installKubernetes` brings. */
export const kubernetesRelease = "1.34.2";

/** Whether it is in the cache: building it takes several minutes, so that the suite does it only when told to. */
export function isKubernetesInstalled(cacheRoot: string): boolean {
  return existsSync(join(cacheRoot, `kube-apiserver-${kubernetesRelease}`, "kube-apiserver"));
}

/** The programs. */
export interface KubernetesPrograms {
  readonly apiserver: string;
  readonly etcd: string;
}

/** Builds what is missing. */
export async function installKubernetes(cache: InstallCache): Promise<KubernetesPrograms> {
  const apiserver = await buildOf(cache, "kube-apiserver");
  const debian = await cache.entry("etcd-debian", (folder) => unpackPackage(cache, "etcd-server", folder));
  return { apiserver, etcd: join(debian, "usr", "bin", "etcd") };
}

/** The command line of the same release. */
export function installKubectl(cache: InstallCache): Promise<string> {
  return buildOf(cache, "kubectl");
}

async function buildOf(cache: InstallCache, program: "kube-apiserver" | "kubectl"): Promise<string> {
  const built = await cache.entry(`${program}-${kubernetesRelease}`, (folder) =>
    buildGoProgram(
      cache,
      {
        module: "k8s.io/kubernetes",
        moduleVersion: `v${kubernetesRelease}`,
        packagePath: `k8s.io/kubernetes/cmd/${program}`,
        tags: "",
        linkerFlags: `-X k8s.io/component-base/version.gitVersion=v${kubernetesRelease}`,
        // Staging modules are released as 0.34.2 beside 1.34.2.
        stagingVersion: kubernetesRelease.replace(/^1\./, "v0."),
      },
      folder,
      program,
    ),
  );
  return join(built, program);
}

/** Users of the server: an administrator, and one without any right but what tests bind to it. */
const tokens = { admin: "admin-token", reader: "reader-token" } as const;

/** A running cluster. */
export interface KubernetesCluster {
  readonly url: string;
  /** PEM of the server's authority. */
  readonly ca: string;
  readonly tokens: typeof tokens;
  readonly admin: KubeAdmin;
  /** A kubeconfig file of a user. */
  kubeconfig(user: keyof typeof tokens | "certified"): string;
  /** Stops the API server and leaves etcd. */
  stopApi(): Promise<void>;
  /** On the same port; returns when it answers. */
  startApi(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts etcd and the API server on free ports; everything they write is in the folder. */
export async function startKubernetes(programs: KubernetesPrograms, folder: string): Promise<KubernetesCluster> {
  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const url = `https://127.0.0.1:${port}`;
  await mkdir(join(folder, "etcd"), { recursive: true, mode: 0o700 });
  const address = { url, zipkinIngestUrl: null };
  const etcd = startServerProcess(
    {
      command: programs.etcd,
      args: [
        `--data-dir=${join(folder, "etcd")}`,
        `--listen-client-urls=${etcdUrl}`,
        `--advertise-client-urls=${etcdUrl}`,
        `--listen-peer-urls=${peerUrl}`,
        `--initial-advertise-peer-urls=${peerUrl}`,
        `--initial-cluster=default=${peerUrl}`,
      ],
      environment: {},
      address,
    },
    folder,
    join(folder, "etcd.log"),
  );
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const clientCa = await makeClientCertificate(folder);
  const keyFile = join(folder, "service-account.key");
  await writeFile(keyFile, privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
  await writeFile(join(folder, "tokens.csv"), `${tokens.admin},admin,1,system:masters\n${tokens.reader},reader,2\n`, {
    mode: 0o600,
  });
  const args = [
    `--etcd-servers=${etcdUrl}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, "certificates")}`,
    "--service-account-issuer=https://kubernetes.test",
    `--service-account-key-file=${keyFile}`,
    `--service-account-signing-key-file=${keyFile}`,
    `--token-auth-file=${join(folder, "tokens.csv")}`,
    `--client-ca-file=${clientCa}`,
    "--authorization-mode=RBAC",
    "--service-cluster-ip-range=10.0.0.0/16",
    "--disable-admission-plugins=ServiceAccount",
  ];
  let api: ServerProcess | null = null;
  let admin: KubeAdmin | null = null;
  const certificate = join(folder, "certificates", "apiserver.crt");

  async function startApi(): Promise<void> {
    const server = startServerProcess(
      { command: programs.apiserver, args, environment: {}, address },
      folder,
      join(folder, "apiserver.log"),
    );
    api = server;
    const hopeless = () => (server.ended() === null ? null : `it ended with ${server.ended()}`);
    try {
      await waitUntil("the certificate of the API server", () => existsSync(certificate), {
        limitMs: 60_000,
        hopeless,
      });
      const asked = createKubeAdmin(url, certificate, tokens.admin);
      await waitUntil("readiness of the API server", async () => (await asked.text("/readyz")) === "ok", {
        limitMs: 120_000,
        hopeless,
      });
      admin = asked;
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}\n${await server.logTail()}`);
    }
  }
  const stopApi = async () => {
    await api?.stop(20_000);
  };

  try {
    await startApi();
  } catch (error) {
    await stopApi();
    await etcd.stop(3_000);
    throw error;
  }
  const running = admin as unknown as KubeAdmin;
  const kubeconfigs = new Map<string, string>();
  const credentials = {
    ...Object.fromEntries(Object.entries(tokens).map(([user, token]) => [user, { token }])),
    certified: { "client-certificate": "client.crt", "client-key": "client.key" },
  };
  for (const [user, credential] of Object.entries(credentials)) {
    const file = join(folder, `kubeconfig-${user}`);
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "test",
      contexts: [{ name: "test", context: { cluster: "test", user } }],
      clusters: [{ name: "test", cluster: { server: url, "certificate-authority": certificate } }],
      users: [{ name: user, user: credential }],
    };
    await writeFile(file, stringify(config), { mode: 0o600 });
    kubeconfigs.set(user, file);
  }
  return {
    url,
    ca: running.ca,
    tokens,
    admin: running,
    kubeconfig: (user) => kubeconfigs.get(user) ?? "",
    stopApi,
    startApi,
    async stop() {
      await stopApi();
      await etcd.stop(3_000);
    },
  };
}

/** An authority and a client's certificate of the administrators' group, in the folder. Returns the authority's file. */
async function makeClientCertificate(folder: string): Promise<string> {
  const options = { cwd: folder, remedy: "openssl is needed to make a client certificate: apt-get install openssl." };
  const key = ["-newkey", "rsa:2048", "-nodes"];
  await runCommand(
    "openssl",
    ["req", "-x509", ...key, "-days", "2", "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=test-authority"],
    options,
  );
  const subject = "/O=system:masters/CN=certified";
  await runCommand(
    "openssl",
    ["req", ...key, "-keyout", "client.key", "-out", "client.csr", "-subj", subject],
    options,
  );
  const signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-out", "client.crt"];
  await runCommand("openssl", ["x509", "-req", "-in", "client.csr", ...signed], options);
  return join(folder, "ca.crt");
}
