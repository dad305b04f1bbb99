/** The files of the recorded mesh in test/fixtures/bookinfo: their names, how they are made, how they are read. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { repositoryRoot } from "../repository-root.js";
import { type Expected, expectations } from "./expectations.js";
import { logDocuments } from "./log-documents.js";
import { containerLines } from "./log-lines.js";
import { logMappings } from "./log-mappings.js";
import { recordMesh } from "./record-mesh.js";
import { scrapedMetrics } from "./scraped-metrics.js";
import { zipkinTraces } from "./zipkin-spans.js";

/** Where the files lie. */
export const fixtureFolder: string = join(repositoryRoot, "test", "fixtures", "bookinfo");

/** The recording as text, by purpose. */
export interface FixtureTexts {
  /** OpenMetrics with times. */
  readonly metrics: string;
  /** A JSON array of Zipkin v2 spans per line: one trace. */
  readonly spans: string;
  /** A `_bulk` body. */
  readonly logs: string;
  /** JSON: mapping by index. */
  readonly mappings: string;
  /** JSON: {@link Expected}. */
  readonly expected: string;
}

/** File of each text; those that end in .gz are compressed. */
export const fixtureFiles: Readonly<Record<keyof FixtureTexts, string>> = {
  metrics: "metrics.om.gz",
  spans: "spans.zipkin.ndjson.gz",
  logs: "logs.bulk.ndjson.gz",
  mappings: "mappings.json",
  expected: "expected.json",
};

/** Makes the recording anew. */
export function generateFixture(): FixtureTexts {
  const recording = recordMesh();
  const metrics = scrapedMetrics(recording);
  const traces = zipkinTraces(recording);
  const documents = logDocuments(containerLines(recording));
  const bulk = documents.map(({ index, id, source }) => {
    const action = { index: { _index: index, _id: id } };
    return `${JSON.stringify(action)}\n${JSON.stringify(source)}\n`;
  });
  return {
    metrics,
    spans: `${traces.map((spans) => JSON.stringify(spans)).join("\n")}\n`,
    logs: bulk.join(""),
    mappings: prettyJson(logMappings),
    expected: prettyJson(expectations(recording, metrics, traces, documents)),
  };
}

/** One committed file as text. */
export function readFixture(purpose: keyof FixtureTexts): string {
  const content = readFileSync(join(fixtureFolder, fixtureFiles[purpose]));
  return (fixtureFiles[purpose].endsWith(".gz") ? gunzipSync(content) : content).toString("utf8");
}

/** What the committed recording must be found to hold. */
export function readExpected(): Expected {
  return JSON.parse(readFixture("expected")) as Expected;
}

/** Lists on one line each where their items are short: a diff then shows which row changed. */
function prettyJson(value: object): string {
  const text = JSON.stringify(value, null, 1);
  return `${text.replaceAll(/\[[^[\]{}]*\]/g, (list) => list.replaceAll(/\s*\n\s*/g, " "))}\n`;
}
