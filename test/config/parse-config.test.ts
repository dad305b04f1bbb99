import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseConfig } from "../../src/config/parse-config.js";

function problemsOf(text: string, environment: Record<string, string> = {}): readonly string[] {
  return parseConfig(text, environment).problems.map(({ line, column, path, message }) => {
    return `${line}:${column} ${path}: ${message}`;
  });
}

describe("parseConfig", () => {
  test("an empty file is the embedded default: loopback, no sources, no auth", () => {
    const { config } = parseConfig("# nothing yet\n", {});
    expect(config?.server.host).toBe("127.0.0.1");
    expect(config?.server.port).toBe(4000);
    expect(config?.sources).toEqual([]);
    expect(config?.auth).toBeUndefined();
  });

  test("accepts the contract's configuration as written", () => {
    const text = `
server: { host: 127.0.0.1, port: 4000, publicUrl: "https://meshlens.example.com" }
auth: { tokens: [ { name: grafana, sha256: "${"ab".repeat(32)}", namespaces: ["*"], actions: [read] } ] }
sources:
  - { name: prometheus, kind: prometheus, url: "http://127.0.0.1:9090", cluster: east, linkUrl: "https://prometheus.example.com" }
  - { name: jaeger, kind: jaeger, url: "http://127.0.0.1:16686" }
  - { name: zipkin, kind: zipkin, url: "http://127.0.0.1:9411" }
  - { name: logs, kind: elasticsearch, url: "http://127.0.0.1:9200", index: "logstash-*" }
  - { name: kube, kind: kubernetes }
links: { grafana: "https://grafana.example.com", kibana: "https://kibana.example.com" }
mesh: { dialect: auto }
slo:
  files: ["slo/*.yaml"]
  defaults:
    availability: { target: 0.999, window: 30d }
    latency: { target: 0.99, thresholdMs: 500, window: 30d }
alerting: { interval: 30s }
slack: { token: "\${SLACK_BOT_TOKEN}", channel: "#mesh-alerts" }
store: { url: "file:./meshlens.db" }
`;
    const { config, problems } = parseConfig(text, { SLACK_BOT_TOKEN: "xoxb-1" });
    expect(problems).toEqual([]);
    expect(config?.sources.map((source) => source.kind)).toEqual([
      "prometheus",
      "jaeger",
      "zipkin",
      "elasticsearch",
      "kubernetes",
    ]);
    expect(config?.slack?.token).toBe("xoxb-1");
  });

  test("names line, column, key and remedy of every problem at once, in the order of the file", () => {
    const text = `server: { prot: 4000 }
sources:
  - { name: a, kind: prometeus }
  - { name: b, kind: jaeger, timeoutMs: soon }
  - { name: c, kind: elasticsearch, url: "\${ES}", index: "logs-*" }
slo: { defaults: { availability: { target: 99.9 } } }
`;
    expect(problemsOf(text)).toEqual([
      '1:11 server: unknown key "prot"; did you mean port?',
      "3:16 sources[0].kind: is not a kind of source: write one of prometheus, jaeger, zipkin, elasticsearch, kubernetes",
      "4:5 sources[1].url: is required: text",
      "4:30 sources[1].timeoutMs: must be a number",
      `5:42 sources[2].url: environment variable ES is not set: set it, or write \${ES:-default}`,
      "6:36 slo.defaults.availability.target: must be less than 1",
    ]);
  });

  test("a number or truth value may come from a variable, and only as such", () => {
    const text = `server: { port: '\${PORT}', debug: '\${DEBUG:-true}' }`;
    expect(parseConfig(text, { PORT: "4100" }).config?.server).toMatchObject({ port: 4100, debug: true });
    expect(problemsOf(text, { PORT: "4100 # x" })).toEqual(["1:11 server.port: must be a number"]);
    expect(problemsOf("server: { port: '4100' }")).toEqual(["1:11 server.port: must be a number"]);
  });

  test("two sources of one name are refused at the second", () => {
    const text = `sources:
  - { name: a, kind: jaeger, url: "http://h:1" }
  - { name: a, kind: zipkin, url: "http://h:2" }`;
    expect(problemsOf(text)).toEqual(["3:7 sources[1].name: is already the name of sources[0]: names must differ"]);
  });

  test("a reachable address without auth is refused unless auth: none is written out", () => {
    expect(problemsOf("server: { host: 0.0.0.0 }")).toEqual([
      expect.stringMatching(/^1:11 server\.host: others can reach/),
    ]);
    for (const host of ["127.0.0.1", "127.9.9.9", "localhost", "'::1'"]) {
      expect(problemsOf(`server: { host: ${host} }`)).toEqual([]);
    }
    for (const host of ["'::'", "10.0.0.4", "mesh.example.com", "127.0.0.1.example.com", "'::ffff:10.0.0.1'"]) {
      expect(problemsOf(`server: { host: ${host} }`)).toHaveLength(1);
    }
    expect(problemsOf("server: { host: 0.0.0.0 }\nauth: none")).toEqual([]);
    const tokens = `auth: { tokens: [{ name: a, sha256: ${"a1".repeat(32)}, namespaces: [x], actions: [read] }] }`;
    expect(problemsOf(`server: { host: 0.0.0.0 }\n${tokens}`)).toEqual([]);
    expect(problemsOf("server: { host: 0.0.0.0 }\nauth: off")).toEqual([
      "2:1 auth: must be the word none or a map with the key tokens",
    ]);
  });

  test.each([
    ["no way", "auth: {}", "auth: needs exactly one of basic, bearer, apiKey"],
    [
      "two ways",
      "auth: { bearer: { token: tttt }, basic: { username: u, password: p } }",
      "auth: needs exactly one of basic",
    ],
    ["another backend's way", "auth: { apiKey: { key: kkkk } }", "auth.apiKey: is Elasticsearch's"],
    ["value and file", "auth: { bearer: { token: tttt, tokenFile: f } }", "needs exactly one of token and tokenFile"],
    [
      "two Authorization",
      "auth: { bearer: { token: t } }, headers: { authorization: x }",
      "must not have Authorization",
    ],
    ["certificate without key", "tls: { certFile: c.pem }", "needs certFile and keyFile together"],
  ])("source credentials that contradict each other are named: %s", (_, keys, expected) => {
    const found = problemsOf(`sources: [ { name: a, kind: jaeger, url: "http://h", ${keys} } ]`);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  test.each([
    ["a key twice", "server: {}\nserver: {}"],
    ["several documents", "a: 1\n---\nb: 2"],
    ["a tag", "server: !!js/function 'function () {}'"],
    ["a list where the map is", "- a\n- b"],
    ["a text where the map is", "hello"],
    ["an open quote", 'server: "'],
    ["a bracket too few", "sources: ["],
    ["an unknown alias", "server: *x"],
    ["an alias to itself", "server: &a { limits: *a }"],
    ["a prototype key", "__proto__: { server: 1 }"],
    ["a map as key", "{ a: 1 }: 2"],
    ["deep nesting", `server: ${"[".repeat(500)}${"]".repeat(500)}`],
    ["very deep nesting", `server: ${"[".repeat(50_000)}`],
    ["a malformed reference", `server: { host: '\${' }`],
    ["an unknown key of a prototype", "constructor: {}"],
  ])("hostile YAML is answered with at most 21 placed problems: %s", (_, text) => {
    const { problems } = parseConfig(text, {});
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(21);
  });

  test("an alias bomb is refused without being unfolded", () => {
    const rows = Array.from({ length: 12 }, (_, i) => `k${i}: &k${i} [${`*k${i - 1},`.repeat(9)}]`);
    const text = ["k0: &k0 [x]", ...rows.slice(1)].join("\n");
    expect(problemsOf(text)).toContainEqual(expect.stringContaining("repeats aliases too often"));
  });

  test("no text and no environment makes it throw, and no value of the file stands in a problem", () => {
    const secret = "hunter2hunter2";
    const fragment = fc.constantFrom(
      ...[
        "server:",
        "sources:",
        "auth:",
        "slack:",
        "store:",
        " token:",
        " url:",
        " host:",
        " - ",
        "\n",
        " ",
        "{",
        "}",
        "[",
      ],
      ...["]", ",", '"', "'", "&a", "*a", "!!x", "${", "}", ":", "|", ">", "\t", "---", "#", "null", "~", "1e999", "%"],
      secret,
      `"${secret}"`,
      `'${secret}`,
    );
    const text = fc.oneof(
      fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join("")),
      fc.string(),
    );
    fc.assert(
      fc.property(text, fc.dictionary(fc.string(), fc.string()), (yaml, environment) => {
        const { problems } = parseConfig(yaml, environment);
        const quoted = problems.filter(({ message }) => message.includes(secret));
        // A key is named by contract; it is the value that is never shown.
        return quoted.every(
          ({ message }) => message.startsWith("unknown key") || message.startsWith("environment variable"),
        );
      }),
      { numRuns: 500 },
    );
  });

  test("a wrong value of any secret key is refused without being shown", () => {
    const text = `sources:
  - { name: a, kind: jaeger, url: "http://user:hunter2@h", headers: { X-Key: "hunter2\\nhunter2" } }
  - { name: b, kind: jaeger, url: "http://h", auth: { bearer: { token: [hunter2] } } }
slack: { token: { hunter2: 1 }, channel: "#a", apiUrl: "hunter2" }
store: { url: "mysql://root:hunter2@h" }
auth: { tokens: [ { name: a, sha256: hunter2, namespaces: [a], actions: [read] } ] }
`;
    const found = problemsOf(text);
    expect(found.length).toBeGreaterThanOrEqual(7);
    expect(found.join("\n")).not.toContain("hunter2");
  });
});
