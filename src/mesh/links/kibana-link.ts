/** Kibana Discover over the default data view: an index name is not a data view's id, so none is named. */
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { Link } from "../mesh.js";
import { encodeValue, urlBelow } from "./link-targets.js";
import { rison } from "./rison.js";

/** A phrase in KQL: quoted, so that operators, wildcards and field names in it are plain text. */
export function kqlPhrase(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, (char) => `\\${char}`)
    .replace(/\n/g, "\\n")
    .replace(/\r/g, "\\r")
    .replace(/\t/g, "\\t");
  return `"${escaped}"`;
}

/** Discover with a KQL query made of phrases; [] where no Kibana is configured. */
export function kibanaLinks(kibana: string | null, name: string, query: string, window: TimeWindow): readonly Link[] {
  const base = kibana === null ? null : urlBelow(kibana, "/app/discover#/");
  if (base === null) return [];
  const iso = (ms: number) => new Date(ms).toISOString();
  const time = rison({ time: { from: iso(Math.floor(window.fromMs)), to: iso(Math.ceil(window.toMs)) } });
  const state = rison({ query: { language: "kuery", query }, sort: [["@timestamp", "desc"]] });
  return [{ kind: "KIBANA", name, url: `${base}?_g=${encodeValue(time)}&_a=${encodeValue(state)}` }];
}
