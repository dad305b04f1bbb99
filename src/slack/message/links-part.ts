/** Links and buttons of an anchor; links are never cut but by their own number and length. */
import type { EvidenceLink } from "../../alerting/evidence.js";
import { type Block, mostIn, plain, section } from "./block.js";
import { link, type Mrkdwn, md, own } from "./mrkdwn.js";

const rank: readonly EvidenceLink["kind"][] = [
  "MESHLENS",
  "GRAFANA",
  "PROMETHEUS",
  "JAEGER",
  "ZIPKIN",
  "KIBANA",
  "SLACK",
];
const toolNames: Readonly<Record<EvidenceLink["kind"], string>> = {
  MESHLENS: "Meshlens",
  GRAFANA: "Grafana",
  PROMETHEUS: "Prometheus",
  JAEGER: "Jaeger",
  ZIPKIN: "Zipkin",
  KIBANA: "Kibana",
  SLACK: "Slack",
};
const mostChars = 2_400;
const mostLinks = 12;

/** One line of links, ours first; each URL once. A URL that is none, or too long for the line, is left out. */
export function linkLine(links: readonly EvidenceLink[]): Mrkdwn {
  const byUrl = new Map(links.map((one) => [one.url, one]));
  const ranked = [...byUrl.values()].sort((a, b) => rank.indexOf(a.kind) - rank.indexOf(b.kind));
  let line = own("");
  let count = 0;
  for (const { kind, name, url } of ranked) {
    const piece = link(url, `${toolNames[kind]}: ${name}`);
    if (piece === null || count === mostLinks || line.length + piece.length + 3 > mostChars) continue;
    line = line === "" ? piece : md`${line} · ${piece}`;
    count += 1;
  }
  return line;
}

/** The section of the links; none without any. */
export function linksPart(links: readonly EvidenceLink[]): readonly Block[] {
  const line = linkLine(links);
  return line === "" ? [] : section(md`🔗 ${line}`);
}

/** Ids of what can be pressed, for the receiver of interactions. */
export const actionIds = {
  acknowledge: "meshlens_acknowledge",
  silence: "meshlens_silence",
  refresh: "meshlens_refresh",
} as const;

/** Lengths of a silence as the select's values say them, behind the incident's id and a blank. */
export const silenceChoices = [
  ["1h", "for 1 hour"],
  ["4h", "for 4 hours"],
  ["resolved", "until it is resolved"],
] as const;

/** Acknowledge, silence, refresh: for what is still open. None for an id that is not of our making. */
export function actionsPart(incidentId: string, isAcknowledged: boolean): readonly Block[] {
  if (!/^[\w-]{1,140}$/.test(incidentId)) return [];
  const acknowledge = {
    type: "button",
    action_id: actionIds.acknowledge,
    text: plain("Acknowledge", mostIn.button),
    value: incidentId,
    style: "primary",
  } as const;
  return [
    {
      type: "actions",
      block_id: `meshlens_actions_${incidentId}`,
      elements: [
        ...(isAcknowledged ? [] : [acknowledge]),
        {
          type: "static_select",
          action_id: actionIds.silence,
          placeholder: plain("Silence", mostIn.button),
          options: silenceChoices.map(([value, text]) => ({
            text: plain(text, mostIn.button),
            value: `${value} ${incidentId}`,
          })),
        },
        {
          type: "button",
          action_id: actionIds.refresh,
          text: plain("Refresh evidence", mostIn.button),
          value: incidentId,
        },
      ],
    },
  ];
}
