/** What each kind of backend is posted, and how it tells that it took it. Used by the feed. */
import type { HttpAnswer, HttpRequest } from "../../http/http-client.js";
import { bulkBody } from "../telemetry/logs/log-backends.js";
import type { MeshLogLine } from "../telemetry/logs/mesh-log-line.js";
import type { MeshSpan } from "../telemetry/spans/mesh-span.js";
import { otlpSpans, zipkinSpans } from "../telemetry/spans/span-backends.js";

/** Backends that are posted to; a Prometheus scrapes /demo/metrics instead. */
export const feedKinds = ["zipkin", "jaeger", "elasticsearch"] as const;

/** One of them. */
export type FeedKind = (typeof feedKinds)[number];

/** How a backend is fed. */
export interface FeedForm {
  readonly takes: "spans" | "lines";
  /** What to look at when it refuses. */
  readonly remedy: string;
  request(batch: readonly unknown[]): HttpRequest;
  /** Null when all was taken, else why not. */
  refusal(answer: HttpAnswer): string | null;
}

/** The form of a kind. */
export function feedForm(kind: FeedKind): FeedForm {
  return forms[kind];
}

const allTaken = (): null => null;

const forms: Readonly<Record<FeedKind, FeedForm>> = {
  zipkin: {
    takes: "spans",
    remedy: "is it a Zipkin collector, such as http://127.0.0.1:9411?",
    request: (batch) => post("/api/v2/spans", JSON.stringify(zipkinSpans(batch as readonly MeshSpan[]))),
    refusal: allTaken,
  },
  jaeger: {
    takes: "spans",
    remedy: "is it Jaeger's OTLP port, such as http://127.0.0.1:4318?",
    request: (batch) => post("/v1/traces", JSON.stringify(otlpSpans(batch as readonly MeshSpan[]))),
    refusal: allTaken,
  },
  elasticsearch: {
    takes: "lines",
    remedy: "is it an Elasticsearch, such as http://127.0.0.1:9200?",
    request: (batch) => post("/_bulk", bulkBody(batch as readonly MeshLogLine[]), "application/x-ndjson"),
    refusal: refusedDocument,
  },
};

function post(path: string, bytes: string, contentType = "application/json"): HttpRequest {
  return { method: "POST", path, body: { contentType, bytes }, operation: "feed" };
}

/** `_bulk` answers 200 though documents were refused: `errors` tells, the first item with one says why. */
function refusedDocument({ body }: HttpAnswer): string | null {
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString());
  } catch {
    return "it answers something else than _bulk does";
  }
  if (typeof answer !== "object" || answer === null || !("errors" in answer))
    return "it answers something else than _bulk does";
  if (answer.errors !== true) return null;
  const type = /"type":"([a-z_]{1,60})"/.exec(body.toString().slice(0, 100_000))?.[1] ?? "unknown";
  return `it refused documents (${type})`;
}
