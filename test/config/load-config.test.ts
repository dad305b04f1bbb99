import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { loadConfig } from "../../src/config/load-config.js";
import { isMeshlensError } from "../../src/errors.js";

function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), "meshlens-config-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function refusal(file: string, environment: Record<string, string> = {}): string {
  try {
    loadConfig(file, environment);
  } catch (error) {
    if (isMeshlensError(error) && error.code === "MESHLENS_ERR_CONFIG_INVALID") return error.message;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

describe("loadConfig", () => {
  test("examples/meshlens.yaml loads without any variable set", () => {
    const { config } = loadConfig("examples/meshlens.yaml", {});
    expect(config.sources.map(({ name }) => name)).toEqual(["prometheus", "jaeger", "zipkin", "logs"]);
  });

  test("examples/meshlens.yaml also loads with every commented section switched on", () => {
    const whole = readFileSync("examples/meshlens.yaml", "utf8")
      .replaceAll(/^( *)# (publicUrl|- \{|links:|slo:|alerting:|slack:|store:|auth:)/gm, "$1$2")
      .replaceAll(/^# {3}/gm, "  ")
      .replaceAll(/^( {2,})# (cluster|linkUrl|headers|auth|scrapeInterval|fields|clusterAliases)/gm, "$1$2")
      .replaceAll(/^( +)# +(- name: grafana|sha256|namespaces|actions)/gm, "$1$2");
    const here = whole.replaceAll("/var/run/secrets/", "");
    const folder = folderWith({ "meshlens.yaml": here, "prometheus-token": "tttt", "elasticsearch-key": "kkkk" });
    const { config } = loadConfig(join(folder, "meshlens.yaml"), { TENANT: "t", SLACK_BOT_TOKEN: "xoxb-1" });
    expect(config.slack?.channel).toBe("#mesh-alerts");
    expect(config.slo?.defaults?.latency?.thresholdMs).toBe(500);
    expect(config.sources.map(({ name }) => name)).toContain("kube");
    expect(config.auth).toMatchObject({ tokens: [{ name: "grafana" }] });
  });

  test("a missing file, a folder, a huge file and a file that is no text are named in words", () => {
    const folder = folderWith({ "bin.yaml": Buffer.from([0xff, 0xfe, 0x00, 0xc3]), "big.yaml": "#".repeat(1_100_000) });
    expect(refusal(join(folder, "none.yaml"))).toBe(`${folder}/none.yaml: does not exist`);
    expect(refusal(folder)).toBe(`${folder}: is not a file`);
    expect(refusal(join(folder, "bin.yaml"))).toBe(`${folder}/bin.yaml: is not UTF-8 text`);
    expect(refusal(join(folder, "big.yaml"))).toContain("larger than 1 MiB");
  });

  test("each problem is one line with file, line and column", () => {
    const folder = folderWith({ "a.yaml": "server:\n  prot: 1\n  port: x\n" });
    expect(refusal(join(folder, "a.yaml")).split("\n")).toEqual([
      `${folder}/a.yaml:2:3: server: unknown key "prot"; did you mean port?`,
      `${folder}/a.yaml:3:3: server.port: must be a number`,
    ]);
  });

  test("secrets and certificates are read from files beside the configuration", () => {
    const folder = folderWith({
      "a.yaml": `sources:
  - { name: p, kind: prometheus, url: "https://h", auth: { bearer: { tokenFile: token } }, tls: { caFile: ca.pem } }
  - { name: e, kind: elasticsearch, url: "https://h", index: x, auth: { apiKey: { keyFile: token } } }
  - { name: j, kind: jaeger, url: "https://h", auth: { basic: { username: u, passwordFile: token } } }
`,
      token: "file-secret\n",
      "ca.pem": "PEM\n",
    });
    const { connections, secrets } = loadConfig(join(folder, "a.yaml"), {});
    expect(connections.get("p")).toMatchObject({ bearerToken: "file-secret", tls: { ca: "PEM\n" } });
    expect(connections.get("e")?.apiKey).toBe("file-secret");
    expect(connections.get("j")?.basicAuth).toEqual({ username: "u", password: "file-secret" });
    expect(secrets).toContain("file-secret");
    expect(secrets).toContain(Buffer.from("u:file-secret").toString("base64"));
  });

  test("files that cannot be read or are empty are all named with their keys", () => {
    const folder = folderWith({
      "a.yaml": `sources:
  - { name: p, kind: jaeger, url: "https://h", auth: { bearer: { tokenFile: none } } }
  - { name: q, kind: jaeger, url: "https://h", tls: { caFile: empty } }
`,
      empty: "\n",
    });
    const lines = refusal(join(folder, "a.yaml")).split("\n");
    expect(lines[0]).toMatch(
      /a\.yaml:2:\d+: sources\[0\]\.auth\.bearer\.tokenFile: the file .* cannot be read \(ENOENT\)/,
    );
    expect(lines[1]).toMatch(/a\.yaml:3:\d+: sources\[1\]\.tls\.caFile: the file .* is empty/);
  });
});
