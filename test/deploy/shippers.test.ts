import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse, parseAllDocuments } from "yaml";
import { fieldCandidates } from "../../src/sources/elasticsearch/field-candidates.js";
import { repositoryRoot } from "../support/repository-root.js";

const read = (path: string) => readFileSync(join(repositoryRoot, "deploy", path), "utf8");
const fluentd = read("fluentd/fluent.conf");
const fluentBit = parse(read("fluent-bit/fluent-bit.yaml")) as {
  readonly parsers: readonly { readonly name: string; readonly regex: string }[];
  readonly pipeline: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
};

/** Of the expressions, which are Ruby's: `(?i)` at the beginning is a flag here. */
function expressionOf(text: string): RegExp {
  const [, source = "", flags = ""] = /^\/(.*)\/(i?)$/.exec(text) ?? ["", text];
  return source.startsWith("(?i)") ? new RegExp(source.slice("(?i)".length), "i") : new RegExp(source, flags);
}

const [container, trace] = [...fluentd.matchAll(/expression (\/.*\/i?)$/gm)].map(([, text = ""]) => expressionOf(text));
const shippers = [
  ["Fluentd", trace],
  ["Fluent Bit", expressionOf(fluentBit.parsers.find(({ name }) => name === "trace_id")?.regex ?? "")],
] as const;

const traceId = "0af7651916cd43dd8448eb211c80319c";

describe.each(shippers)("%s", (_, expression) => {
  test.each([
    [`2026-11-21 INFO [http-1] trace_id=${traceId} span_id=b7ad6b7169203331 done`, traceId],
    [`traceId: ${traceId}`, traceId],
    [`failed {"traceId":"463ac35c9f6413ad"} after 3 tries`, "463ac35c9f6413ad"],
    [`traceparent: 00-${traceId}-b7ad6b7169203331-01`, traceId],
    ["order 463ac35c9f6413ad was paid", null],
    ["trace_id=none", null],
  ])("finds the trace in: %s", (line, found) => {
    expect(expression?.exec(line)?.groups?.["trace_id"] ?? null).toBe(found);
  });

  test("calls it what Meshlens looks for first", () => {
    expect(expression?.source).toContain(`(?<${fieldCandidates().exact.traceId[0]}>`);
  });
});

describe("Fluentd", () => {
  test("reads what containerd writes, parts of a long line apart from whole ones", () => {
    const line = '2026-11-21T10:00:00.123456789Z stdout F {"level":"info","msg":"a b"}';
    expect(container?.exec(line)?.groups).toMatchObject({
      stream: "stdout",
      logtag: "F",
      log: '{"level":"info","msg":"a b"}',
    });
    expect(container?.exec("2026-11-21T10:00:00.123456789+01:00 stderr P part")?.groups).toMatchObject({ logtag: "P" });
    expect(container?.exec("no line of a container")).toBeNull();
  });
});

interface Container {
  readonly env: readonly { readonly name: string }[];
  readonly args?: readonly string[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}
interface DaemonSet {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly Container[] } } };
}

describe.each([
  ["fluentd", fluentd, /ENV\['(\w+)'\]/g, "/fluentd/etc"],
  ["fluent-bit", read("fluent-bit/fluent-bit.yaml"), /\$\{(\w+)\}/g, "/fluent-bit/etc/conf"],
])("the DaemonSet of %s", (name, configuration, variable, folder) => {
  const objects = parseAllDocuments(read(`${name}/daemon-set.yaml`)).map((document) => document.toJS() as DaemonSet);
  const set = objects.find(({ kind }) => kind === "DaemonSet");
  const container = set?.spec.template.spec.containers[0];

  test("gives it every variable its configuration reads, and only those places to write that it writes to", () => {
    const set = new Set(container?.env.map((one) => one.name));
    for (const [, wanted = ""] of configuration.matchAll(variable)) expect([...set]).toContain(wanted);
    const writable = container?.volumeMounts
      .filter(({ readOnly }) => readOnly !== true)
      .map(({ mountPath }) => mountPath);
    expect(writable).toEqual(["/var/log"]);
    const written = [...configuration.matchAll(/^ *(?:pos_file|db:|path) (\/\S+)$/gm)].map(([, path = ""]) => path);
    expect(written.filter((path) => !path.startsWith("/var/log/"))).toEqual([]);
    expect(written.length).toBeGreaterThan(0);
  });

  test("is called what its configuration leaves out of what it ships, and reads its configuration where it is mounted", () => {
    expect(set?.metadata.name).toBe(name);
    expect(configuration).toContain(`/var/log/containers/${name}-*.log`);
    expect(container?.volumeMounts).toContainEqual({ name: "config", mountPath: folder, readOnly: true });
    if (container?.args !== undefined) expect(container.args).toEqual([`--config=${folder}/fluent-bit.yaml`]);
  });
});

test("Fluent Bit drops what the runtime's line had in `time` before the keys of JSON lines come beside it: theirs stay", () => {
  const filters = fluentBit.pipeline["filters"] ?? [];
  const at = (name: string) => filters.findIndex((filter) => filter["name"] === name);
  expect(filters[at("modify")]).toMatchObject({ match: "kube.*", remove: ["time", "_p"] });
  expect(at("modify")).toBeLessThan(at("kubernetes"));
});

describe("the index template", () => {
  const { index_patterns, template } = JSON.parse(read("elasticsearch/index-template.json")) as {
    readonly index_patterns: readonly string[];
    readonly template: {
      readonly mappings: {
        readonly date_detection: boolean;
        readonly properties: Readonly<Record<string, { readonly type?: string }>>;
      };
    };
  };
  const { properties } = template.mappings;

  test("is for the indices both write, and keeps the first names of ids whole and lines as text", () => {
    expect(index_patterns).toEqual(["logstash-*"]);
    const { exact, message, timestamp } = fieldCandidates();
    expect(properties[timestamp]).toEqual({ type: "date" });
    for (const role of [exact.traceId, exact.spanId, exact.requestId])
      expect(properties[role[0] ?? ""]?.type).toBe("keyword");
    // Else the first application that writes an instant into a key decides what all others may write into it.
    expect(template.mappings.date_detection).toBe(false);
    for (const path of [message[0], "log"]) expect(properties[path ?? ""]?.type).toBe("text");
  });
});

describe("both", () => {
  test("write to the index that the examples of Meshlens read, without dots in labels", () => {
    expect(fluentd).toMatch(/logstash_prefix logstash\n/);
    expect(fluentd).toMatch(/de_dot_nested true/);
    const [output] = fluentBit.pipeline["outputs"] ?? [];
    expect(output).toMatchObject({
      name: "es",
      logstash_prefix: "logstash",
      replace_dots: "on",
      suppress_type_name: "on",
    });
    expect(readFileSync(join(repositoryRoot, "examples/meshlens.yaml"), "utf8")).toContain('index: "logstash-*"');
  });
});
