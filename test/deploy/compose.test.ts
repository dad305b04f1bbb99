import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { loadConfig } from "../../src/config/load-config.js";
import { repositoryRoot } from "../support/repository-root.js";
import { startCommand } from "../support/run-command.js";
import { waitUntil } from "../support/wait-until.js";

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const folder = join(repositoryRoot, "deploy/compose");
const read = (name: string) => readFileSync(join(folder, name), "utf8");
const compose = parse(read("compose.yaml"), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);

describe("the compose file", () => {
  test("has everything Meshlens reads, and what feeds it", () => {
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining("meshlens demo prometheus jaeger zipkin elasticsearch kibana fluentd grafana".split(" ")),
    );
  });

  test.each(services)(
    "%s: its image has a release in its tag, its ports are this machine's, its files exist",
    (name, one) => {
      if (name !== "meshlens" && name !== "demo") expect(one.image).toMatch(/:v?\d+\.\d+(\.\d+)?/);
      for (const port of one.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
      for (const volume of one.volumes ?? []) {
        const [source = ""] = volume.split(":");
        expect([
          volume,
          source.startsWith(".") ? existsSync(resolve(folder, source)) : source in compose.volumes,
        ]).toEqual([volume, true]);
      }
    },
  );

  test("its Meshlens accepts its configuration and asks only services that are there", () => {
    for (const name of ["meshlens.yaml", "demo.yaml"]) {
      const { config } = loadConfig(join(folder, name), {});
      expect([name, config.server.host, config.auth]).toEqual([name, "0.0.0.0", "none"]);
      for (const source of config.sources) {
        const { hostname } = new URL("url" in source ? String(source.url) : "http://none");
        expect(Object.keys(compose.services)).toContain(hostname);
      }
    }
  });

  test("its Prometheus and its Fluentd name services that are there", () => {
    const named = [
      ...read("prometheus.yml").matchAll(/targets: \["([\w-]+):(\d+)"\]/g),
      ...read("fluentd.conf").matchAll(/^ *host ([\w-]+)$/gm),
    ];
    expect(named.length).toBe(3);
    for (const [, name = ""] of named) expect(Object.keys(compose.services)).toContain(name);
  });

  test("its Grafana is given every variable of the datasources", () => {
    const provisioning = join(repositoryRoot, "deploy/grafana/provisioning");
    const texts = readdirSync(provisioning, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".yaml"))
      .map((name) => readFileSync(join(provisioning, name), "utf8"));
    const variables = texts.flatMap((text) => [...text.matchAll(/(?<!\$)\$([A-Z_]+)/g)].map(([, name]) => name));
    expect(variables.length).toBeGreaterThan(4);
    expect(Object.keys(compose.services["grafana"]?.environment ?? {})).toEqual(expect.arrayContaining(variables));
  });

  test("its demo starts with the command as it stands, and feeds all three backends", async () => {
    const own = mkdtempSync(join(tmpdir(), "meshlens-compose-"));
    const yaml = read("demo.yaml").replace("0.0.0.0", "127.0.0.1").replace("port: 4000", "port: 0");
    writeFileSync(join(own, "demo.yaml"), yaml);
    const args = (compose.services["demo"]?.command ?? []).map((part) =>
      part
        .replace("/etc/meshlens/", `${own}/`)
        .replace(/\$\{MESHLENS_DEMO_SCENARIO:-(\w+)\}/, "$1")
        .replace("--history=30m", "--history=1m")
        // Nobody listens on this port: each feed is told as one that refuses, and the demo goes on.
        .replace(/=http:\/\/\w+:\d+$/, "=http://127.0.0.1:9"),
    );
    const demo = startCommand(args);
    try {
      await waitUntil("the demo", () => /http:\/\/127\.0\.0\.1:\d+/.test(demo.output().stdout), {
        limitMs: 60_000,
        hopeless: () => (/Exit codes|error:/.test(demo.output().stderr) ? demo.output().stderr : null),
      });
      for (const kind of ["jaeger", "zipkin", "elasticsearch"]) expect(demo.output().stdout).toContain(kind);
    } finally {
      demo.kill("SIGTERM");
    }
    expect((await demo.finished).code).toBe(0);
  });
});
