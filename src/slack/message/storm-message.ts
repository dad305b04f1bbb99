/** Many incidents at once: one message with a table, grouped by what they seem to come from. Pure. */
import type { EvidenceLink } from "../../alerting/evidence.js";
import { cleanLine } from "../../telemetry/clean-text.js";
import { type ServiceRef, serviceKey } from "../../telemetry/service-ref.js";
import type { CommonCause } from "../storm/common-cause.js";
import { type Block, charsOf, context, mostIn, plain, type SlackMessage, section } from "./block.js";
import { burnText, lengthText } from "./figures.js";
import { linksPart } from "./links-part.js";
import type { MessageIncident, Severity } from "./message-incident.js";
import {
  code,
  codeBlock,
  instant,
  join,
  type Mention,
  type Mrkdwn,
  md,
  mention,
  nothing,
  own,
  words,
} from "./mrkdwn.js";

/** One incident of a storm. */
export interface StormRow {
  readonly service: ServiceRef;
  readonly objectiveName: string;
  readonly state: MessageIncident["state"];
  readonly severity: Severity;
  /** Of the fastest met tier; null when not known. */
  readonly burn: number | null;
}

/** A storm as it is at the time of the message. */
export interface Storm {
  readonly id: string;
  readonly startedAtMs: number;
  /** Null while it lasts. */
  readonly endedAtMs: number | null;
  /** Known causes first; null: none is known. */
  readonly groups: readonly {
    readonly cause: CommonCause | null;
    /** What those without a common cause share; left out for nothing. */
    readonly namespace?: string | null;
    readonly rows: readonly StormRow[];
  }[];
  readonly links: readonly EvidenceLink[];
}

const mostGroups = 8;
const mostRows = 15;
const nameChars = 26;
const mostChars = 9_000;

/** The summary; whom it calls only where there is a page among the incidents. */
export function stormMessage(storm: Storm, mentions: readonly Mention[]): SlackMessage {
  const rows = storm.groups.flatMap((group) => group.rows);
  const open = rows.filter(({ state }) => state !== "RESOLVED");
  const pages = open.filter(({ severity }) => severity === "PAGE").length;
  const sign = storm.endedAtMs === null ? "🌩️ STORM" : "✅ STORM OVER";
  const title = `${sign} · ${rows.length} incidents, ${open.length} open, ${pages} paging`;
  const called = rows.some(({ severity }) => severity === "PAGE")
    ? join(
        mentions.slice(0, 10).map((whom) => mention(whom) ?? nothing),
        " ",
      )
    : nothing;
  const since = md`Since ${instant(storm.startedAtMs)}${lasted(storm)}. Details of each are in the thread.`;
  const head: readonly Block[] = [
    { type: "header", text: plain(title, mostIn.header) },
    ...section(join([since, called], "\n")),
  ];
  const foot = [...linksPart(storm.links), ...context(md`Meshlens · ${code(storm.id, 80)}`)];
  const text = join([words(title, 200), ...storm.groups.slice(0, 5).map(groupTitle)], "\n");
  let room = mostChars - charsOf(head) - charsOf(foot) - text.length - 100;
  const tables: Block[] = [];
  for (const [index, group] of storm.groups.entries()) {
    const made = section(join([groupTitle(group), table(group.rows)], "\n"));
    const size = charsOf(made);
    if (index >= mostGroups || size > room) {
      tables.push(...section(own(`and ${storm.groups.length - index} more groups`)));
      break;
    }
    tables.push(...made);
    room -= size;
  }
  return { text, blocks: [...head, ...tables, ...foot] };
}

function lasted({ startedAtMs, endedAtMs }: Storm): Mrkdwn {
  return endedAtMs === null ? nothing : own(`, for ${lengthText(endedAtMs - startedAtMs)}`);
}

function groupTitle({ cause, namespace = null, rows }: Storm["groups"][number]): Mrkdwn {
  const services = onePerService(rows).length;
  const inServices = services === rows.length ? "" : ` in ${services} ${services === 1 ? "service" : "services"}`;
  const count = own(`${rows.length} ${rows.length === 1 ? "incident" : "incidents"}${inServices}`);
  if (cause === null) {
    return md`*No common cause known*${namespace === null ? nothing : md` in ${code(namespace, 80)}`}, ${count}`;
  }
  const { service, by } = cause;
  const name = code(`${service.name}.${service.namespace}`, 120);
  return md`*${own(by === "SUSPECT" ? "Likely cause" : "Failing traces end in")}* ${name}, ${count}`;
}

const listedRows = 35;
const listedTables = 3;
const mostLists = 20;

/** All incidents of a storm for its thread, worst first, in as few messages as hold them; some 2,000 at most, the rest is counted. */
export function stormListMessages(rows: readonly StormRow[]): readonly SlackMessage[] {
  const worstFirst = rows.toSorted(byBadness);
  const perMessage = listedRows * listedTables;
  const count = Math.min(mostLists, Math.ceil(rows.length / perMessage));
  return Array.from({ length: count }, (_, nth) => {
    const part = worstFirst.slice(nth * perMessage, (nth + 1) * perMessage);
    const left = nth === count - 1 ? rows.length - count * perMessage : 0;
    const tables = Array.from({ length: Math.ceil(part.length / listedRows) }, (__, at) => {
      const lines = part.slice(at * listedRows, (at + 1) * listedRows).map(listLine);
      return section(codeBlock(lines.join("\n"), 2_900));
    });
    const more = left > 0 ? section(own(`and ${left} more`)) : [];
    const text = words(`Incidents ${nth * perMessage + 1} to ${nth * perMessage + part.length} of ${rows.length}`, 100);
    return { text, blocks: [...section(md`*${text}*`), ...tables.flat(), ...more] };
  });
}

function listLine(row: StormRow): string {
  const name = cleanLine(`${row.service.name}.${row.service.namespace}`, 36).padEnd(36);
  const objective = cleanLine(row.objectiveName, 16).padEnd(16);
  return `${signOf(row).padEnd(6)} ${name} ${objective} ${burnOf(row).padStart(7)}`;
}

/** The worst of each service, worst first. */
function onePerService(rows: readonly StormRow[]): readonly StormRow[] {
  const worst = new Map<string, StormRow>();
  for (const row of rows.toSorted(byBadness)) {
    const key = serviceKey(row.service);
    if (!worst.has(key)) worst.set(key, row);
  }
  return [...worst.values()];
}

/** A line per service in columns of fixed width that a phone shows without a break: sign, service, burn. Worst first. */
function table(rows: readonly StormRow[]): Mrkdwn {
  const worstFirst = onePerService(rows);
  const shown = worstFirst.slice(0, mostRows).map((row) => {
    const name = cleanLine(`${row.service.name}.${row.service.namespace}`, nameChars).padEnd(nameChars);
    return `${signOf(row).padEnd(6)} ${name} ${burnOf(row).padStart(7)}`;
  });
  const left = worstFirst.length - shown.length;
  return codeBlock([...shown, ...(left > 0 ? [`and ${left} more`] : [])].join("\n"), 1_500);
}

/** What is over, or nearly so, burns at no rate worth a column. */
function burnOf({ state, burn }: StormRow): string {
  return state === "FIRING" ? burnText(burn) : "";
}

function byBadness(a: StormRow, b: StormRow): number {
  return rankOf(a) - rankOf(b) || (b.burn ?? 0) - (a.burn ?? 0);
}

function rankOf({ state, severity }: StormRow): number {
  return (state === "FIRING" ? 0 : state === "RECOVERING" ? 2 : 4) + (severity === "PAGE" ? 0 : 1);
}

function signOf({ state, severity }: StormRow): string {
  return state === "RESOLVED" ? "over" : state === "RECOVERING" ? "better" : severity.toLowerCase();
}
