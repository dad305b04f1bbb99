/** Links of a log record. */
import type { LogRecord } from "../../telemetry/log-source.js";
import type { Link } from "../mesh.js";
import { kibanaLinks, kqlPhrase } from "./kibana-link.js";
import type { LinkTargets } from "./link-targets.js";

/** How much of what stood around the record is shown, each way. */
const aroundMs = 60_000;

/** The pod's lines around the record; by trace id where it has one. [] where no Kibana is configured or nothing names it. */
export function logRecordLinks(record: LogRecord, targets: LinkTargets): readonly Link[] {
  const name = record.traceId === null ? "lines around it" : "lines of its trace";
  const phrase = record.traceId ?? record.pod;
  if (phrase === null || targets.kibana === null) return [];
  const window = { fromMs: record.atMs - aroundMs, toMs: record.atMs + aroundMs };
  return kibanaLinks(targets, name, kqlPhrase(phrase), window);
}
