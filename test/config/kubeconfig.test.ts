import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { readKubeconfig } from "../../src/config/kubeconfig.js";
import { loadConfig } from "../../src/config/load-config.js";

const folder = mkdtempSync(join(tmpdir(), "meshlens-kubeconfig-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Json = Readonly<Record<string, unknown>>;

const secret = "s3cret-t0ken";
function write(user: Json, cluster: Json = {}, more: Json = {}): string {
  const file = join(folder, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "east",
    contexts: [
      { name: "east", context: { cluster: "c", user: "u" } },
      { name: "west", context: { cluster: "w", user: "u" } },
    ],
    clusters: [
      { name: "c", cluster: { server: "https://10.0.0.1:6443/", ...cluster } },
      { name: "w", cluster: { server: "https://10.0.0.2:6443", ...cluster } },
    ],
    users: [{ name: "u", user }],
    ...more,
  };
  writeFileSync(file, stringify(config));
  return file;
}
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("a kubeconfig", () => {
  test("gives address, authority and token of its current context, or of the one asked for", () => {
    const file = write({ token: secret }, { "certificate-authority-data": base64("CA"), "tls-server-name": "kube" });
    expect(readKubeconfig(file, null)).toEqual({
      url: "https://10.0.0.1:6443",
      token: secret,
      tls: { ca: "CA", serverName: "kube" },
    });
    expect(readKubeconfig(file, "west").url).toBe("https://10.0.0.2:6443");
  });

  test("gives client certificates, inline or from files beside it, and the path of a token file", () => {
    mkdirSync(join(folder, "pki"), { recursive: true });
    writeFileSync(join(folder, "pki", "client.crt"), "CERT");
    const inline = write({ "client-certificate": "pki/client.crt", "client-key-data": base64("KEY") });
    expect(readKubeconfig(inline, null).tls).toEqual({ cert: "CERT", key: "KEY" });
    const file = write({ token: "old", tokenFile: "pki/token" }, { "insecure-skip-tls-verify": true });
    expect(readKubeconfig(file, null)).toEqual({
      url: "https://10.0.0.1:6443",
      tokenFile: join(folder, "pki", "token"),
      tls: { insecureSkipVerify: true },
    });
    expect(readKubeconfig(write({ username: "u", password: secret }), null).basicAuth).toEqual({
      username: "u",
      password: secret,
    });
  });

  test.each([
    [
      "a program",
      { exec: { command: "aws", args: [secret] } },
      {},
      /"u" .* from a program \(exec: aws\).* runs none: use a service/,
    ],
    ["an auth-provider", { "auth-provider": { name: "gcp" } }, {}, /auth-provider, which Kubernetes has dropped/],
    ["somebody else", { as: "root", token: secret }, {}, /acts as somebody else/],
    ["a proxy", { token: secret }, { "proxy-url": "http://p" }, /through a proxy/],
    ["no web address", { token: secret }, { server: "unix:///x" }, /not an http:\/\/ or https:\/\/ URL/],
    ["a file that is away", { "client-key": "away" }, {}, /away cannot be read \(ENOENT\)/],
  ])("that goes by %s is refused in words, without its secrets", (_, user, cluster, words) => {
    const read = () => readKubeconfig(write(user, cluster), null);
    expect(read).toThrow(words);
    expect(read).not.toThrow(secret);
  });

  test.each([
    ["has no such context", { "current-context": "north" }, /no context "north": .* \(east, west\)/],
    ["has no context at all", { "current-context": "", contexts: null }, /no current-context.*\(none\)/],
    ["lacks its cluster", { clusters: [] }, /no cluster "c" for context "east"/],
    ["lacks its user", { users: null }, /no user "u" for context "east"/],
    ["is something else", { clusters: "x" }, /is no kubeconfig: clusters is missing or not right/],
  ])("that %s says so", (_, more, words) => {
    expect(() => readKubeconfig(write({ token: secret }, {}, more), null)).toThrow(words);
  });

  test("that is no YAML, or not there, says so without quoting it", () => {
    const file = join(folder, "broken");
    writeFileSync(file, `token: "${secret}\n\t:`);
    expect(() => readKubeconfig(file, null)).toThrow(/is not YAML/);
    expect(() => readKubeconfig(file, null)).not.toThrow(secret);
    expect(() => readKubeconfig(join(folder, "none"), null)).toThrow(/none cannot be read \(ENOENT\)/);
  });
});

describe("a source of kind kubernetes in the configuration", () => {
  const load = (text: string, environment: Record<string, string> = {}) => {
    const file = join(folder, "meshlens.yaml");
    writeFileSync(file, text);
    return loadConfig(file, environment);
  };

  test("takes its connection from the kubeconfig, whose token is kept out of logs", () => {
    write({ token: secret });
    const loaded = load("sources: [{ name: kube, kind: kubernetes, kubeconfig: kubeconfig, context: west }]\n");
    expect(loaded.connections.get("kube")).toMatchObject({ url: "https://10.0.0.2:6443", bearerToken: secret });
    expect(loaded.secrets).toContain(secret);
  });

  test("stops the start with its place when the kubeconfig cannot be used", () => {
    write({ exec: { command: "aws" } });
    expect(() => load("sources:\n  - { name: kube, kind: kubernetes, kubeconfig: kubeconfig }\n")).toThrow(
      /meshlens\.yaml:2:\d+: sources\[0\]\.kubeconfig: user "u" of .* gets its token from a program/,
    );
    expect(() => load("sources: [{ name: kube, kind: kubernetes, context: east }]\n")).toThrow(/set kubeconfig too/);
    expect(() => load("sources: [{ name: kube, kind: kubernetes, namespaces: [No_Name] }]\n")).toThrow(/namespace/);
  });

  test("outside a cluster and without a kubeconfig says why it is of no use, and does not stop the start", () => {
    const bare = load("sources: [{ name: kube, kind: kubernetes }]\n");
    expect(bare.connections.get("kube")?.unusable).toMatch(/does not run in a cluster.*kubeconfig/);
    const inside = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };
    expect(load("sources: [{ name: kube, kind: kubernetes }]\n", inside).connections.get("kube")?.unusable).toMatch(
      /no token of a service account/,
    );
  });
});
