/**
 * Kibana Discover, in the form each major version reads. A data view is named by its id, which is not the index name; without one Kibana
 * takes its default. Source: URLs of Discover in Kibana 7, 8 and 9 (`app_locator_get_location.ts`).
 */
import type { TimeWindow } from "../../telemetry/time-window.js";
import type { Link } from "../mesh.js";
import { encodeValue, type KibanaForm, type LinkTargets, urlBelow } from "./link-targets.js";
import { type RisonValue, rison } from "./rison.js";

/** A phrase in KQL: quoted, so that operators, wildcards and field names in it are plain text. */
export function kqlPhrase(text: string): string {
  const escaped = text
    .replace(/[\\"]/g, (char) => `\\${char}`)
    .replace(/\n/g, "\\n")
    .replace(/\r/g, "\\r")
    .replace(/\t/g, "\\t");
  return `"${escaped}"`;
}

/** Every 7 knows the first path; 8 and 9 have Discover as an app of its own. */
const paths: Readonly<Record<KibanaForm["version"], string>> = {
  7: "/app/kibana#/discover",
  8: "/app/discover#/",
  9: "/app/discover#/",
};

/** Discover with a KQL query made of phrases; [] where no Kibana is configured. */
export function kibanaLinks(
  { kibana, kibanaForm = { version: 8, dataView: null } }: Pick<LinkTargets, "kibana" | "kibanaForm">,
  name: string,
  query: string,
  window: TimeWindow,
): readonly Link[] {
  const base = kibana === null ? null : urlBelow(kibana, paths[kibanaForm.version]);
  if (base === null) return [];
  const iso = (ms: number) => new Date(ms).toISOString();
  const time = rison({ time: { from: iso(Math.floor(window.fromMs)), to: iso(Math.ceil(window.toMs)) } });
  const state = rison({
    ...dataView(kibanaForm),
    query: { language: "kuery", query },
    sort: kibanaForm.version === 7 ? ["@timestamp", "desc"] : [["@timestamp", "desc"]],
  });
  return [{ kind: "KIBANA", name, url: `${base}?_g=${encodeValue(time)}&_a=${encodeValue(state)}` }];
}

function dataView({ version, dataView: id }: KibanaForm): Readonly<Record<string, RisonValue>> {
  if (id === null) return {};
  return version === 9 ? { dataSource: { dataViewId: id, type: "dataView" } } : { index: id };
}
