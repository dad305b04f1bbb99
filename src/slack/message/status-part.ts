/** The part of an anchor that is never cut: what burns, how fast, since when, what is left. */
import { type Block, context, marked, mostIn, plain, section } from "./block.js";
import { budgetText, burnText, countText, lengthText, percentText, windowText } from "./figures.js";
import type { IncidentMessageInput, MessageIncident } from "./message-incident.js";
import { code, fitting, instant, join, type Mrkdwn, md, mention, nothing, own, words } from "./mrkdwn.js";

const fieldChars = 300;

/** Emoji of different shape and a word, so that no colour needs to be told from another. */
export function stateWords({ state, severity }: Pick<MessageIncident, "state" | "severity">): string {
  if (state === "RESOLVED") return "✅ RESOLVED";
  if (state === "RECOVERING") return `⏳ RECOVERING (${severity.toLowerCase()})`;
  return severity === "PAGE" ? "🚨 PAGE" : "🎫 TICKET";
}

/** `ratings.bookinfo`. */
export function serviceWords({ service }: Pick<MessageIncident, "service">): string {
  return `${service.name}.${service.namespace}`;
}

/** Header, summary, figures. */
export function statusPart(input: IncidentMessageInput): readonly Block[] {
  const { incident } = input;
  const title = `${stateWords(incident)} · ${serviceWords(incident)} · ${incident.objective.name}`;
  return [
    { type: "header", text: plain(title, mostIn.header) },
    ...section(join([words(incident.summary, 500), peopleLine(incident), mentionLine(input)], "\n")),
    { type: "section", fields: fieldsOf(incident).map(marked) },
  ];
}

function fieldsOf(incident: MessageIncident): readonly Mrkdwn[] {
  const { service, objective, budget } = incident;
  const burn = fitting(incident.burnConditions.map(burnLine), fieldChars);
  const left = budgetText(budget?.remainingRatio ?? null);
  return [
    md`*Burn rate*\n${burn === "" ? own("not known") : burn}`,
    md`*${words(objective.badWords, 60)}*\n${failedText(incident)}`,
    md`*Error budget left*\n${join([own(left), exhaustion(incident)], "\n")}`,
    md`*Since*\n${durations(incident)}`,
    md`*Service*\n${code(service.name, 120)} in ${code(service.namespace, 80)}\n${own("cluster")} ${code(service.cluster, 60)}`,
    md`*Objective*\n${code(objective.name, 100)}\n${words(objective.terms, 150)}`,
  ];
}

function burnLine({ tier, threshold, long, short, met, note }: MessageIncident["burnConditions"][number]): Mrkdwn {
  const sign = met ? "▲" : "▽";
  const text = `${sign} ${windowText(long.windowMs)} ${burnText(long.value)}, ${windowText(short.windowMs)} ${burnText(short.value)}`;
  const limit = own(` (limit ${burnText(threshold)})`);
  return note === null || met ? md`${own(text)}${limit}` : md`${own(text)}${limit} ${words(`${tier}: ${note}`, 80)}`;
}

function failedText({ goodCount, totalCount }: MessageIncident): Mrkdwn {
  if (goodCount === null || totalCount === null) return own("not counted");
  const failed = totalCount - goodCount;
  const share = totalCount === 0 ? null : failed / totalCount;
  return own(`${countText(failed)} of ${countText(totalCount)}${share === null ? "" : ` (${percentText(share)})`}`);
}

function exhaustion({ state, budget, budgetSpentRatio }: MessageIncident): Mrkdwn {
  if (state === "RESOLVED") {
    return budgetSpentRatio === null ? nothing : own(`${percentText(budgetSpentRatio)} spent by this incident`);
  }
  if (budget === null || budget.exhaustedAtMs === null) return nothing;
  if (budget.remainingRatio !== null && budget.remainingRatio <= 0) return nothing;
  return md`gone ${instant(budget.exhaustedAtMs)} at this pace`;
}

function durations({ startedAtMs, recoveredAtMs, resolvedAtMs }: MessageIncident): Mrkdwn {
  const lines = [instant(startedAtMs)];
  if (recoveredAtMs !== null) lines.push(own(`burned for ${lengthText(recoveredAtMs - startedAtMs)}`));
  if (resolvedAtMs !== null) lines.push(own(`over after ${lengthText(resolvedAtMs - startedAtMs)}`));
  return join(lines, "\n");
}

function peopleLine({ acknowledgedBy, silence }: MessageIncident): Mrkdwn {
  const until =
    silence === null ? nothing : silence.untilMs === null ? own("it is resolved") : instant(silence.untilMs);
  return join(
    [
      acknowledgedBy === null ? nothing : md`👀 ${words(acknowledgedBy, 80)} looks after it`,
      silence === null ? nothing : md`🔕 silenced by ${words(silence.by, 80)} until ${until}`,
    ],
    "\n",
  );
}

/** Who is called: for a page that burns only; a ticket waits for working hours, and nobody is called to what is over. */
export function mentionLine({ incident, mentions }: Pick<IncidentMessageInput, "incident" | "mentions">): Mrkdwn {
  if (incident.severity !== "PAGE" || incident.state !== "FIRING") return nothing;
  return join(
    mentions.slice(0, 10).map((whom) => mention(whom) ?? nothing),
    " ",
  );
}

/** The line at the foot: which incident, what the evidence is of, what is missing. */
export function footPart({ incident, evidence }: IncidentMessageInput): readonly Block[] {
  const taken =
    evidence === null
      ? incident.state === "FIRING"
        ? own("evidence is being gathered")
        : nothing
      : md`evidence of ${instant(evidence.takenAtMs)}`;
  return context(join([own("Meshlens"), code(incident.id, 80), taken], " · "));
}
