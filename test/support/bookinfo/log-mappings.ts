/** Mappings of the indices whose shippers bring their own; Fluentd's and Fluent Bit's are left to Elasticsearch. */
import { logIndices } from "./log-documents.js";

const keyword = { type: "keyword", ignore_above: 1024 };
const text = { type: "text" };
const date = { type: "date" };

/** Attribute maps of the OpenTelemetry shape: children resolve without their prefix too. */
const attributes = (priority: number) => ({ type: "passthrough", dynamic: true, priority });

const keywordsByDefault = [{ strings: { match_mapping_type: "string", mapping: keyword } }];

/** Mapping by index. */
export const logMappings: Readonly<Record<string, object>> = {
  [logIndices.ecs]: {
    dynamic_templates: keywordsByDefault,
    properties: { "@timestamp": date, message: text },
  },
  [logIndices.otel]: {
    dynamic_templates: keywordsByDefault,
    date_detection: false,
    properties: {
      "@timestamp": date,
      observed_timestamp: { type: "date_nanos" },
      body: { properties: { text } },
      message: { type: "alias", path: "body.text" },
      severity_text: keyword,
      severity_number: { type: "byte" },
      trace_id: keyword,
      span_id: keyword,
      "log.level": { type: "alias", path: "severity_text" },
      "trace.id": { type: "alias", path: "trace_id" },
      "span.id": { type: "alias", path: "span_id" },
      resource: { properties: { attributes: attributes(20) } },
      attributes: attributes(10),
    },
  },
};
