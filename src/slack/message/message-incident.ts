/** What a message says of an incident: the input of every form. Made where deliveries are put into the outbox. */
import type { IncidentState, OpenIncident } from "../../alerting/alert-state.js";
import type { Evidence, EvidenceBudget, EvidenceLink } from "../../alerting/evidence.js";
import type { ServiceRef } from "../../telemetry/service-ref.js";
import type { Mention } from "./mrkdwn.js";

/** PAGE or TICKET. */
export type Severity = OpenIncident["severity"];

/** An incident as it is at the time of the message; a pending one has none. */
export interface MessageIncident {
  readonly id: string;
  readonly state: Exclude<IncidentState, "PENDING">;
  readonly severity: Severity;
  readonly service: ServiceRef;
  readonly objective: {
    readonly name: string;
    /** What is asked, in words: `99.9 % of calls over 30 d`. */
    readonly terms: string;
    /** What is counted against the budget: `Failed calls`, `Slow calls (over 500 ms)`. */
    readonly badWords: string;
  };
  /** One sentence, as of the last transition. */
  readonly summary: string;
  readonly startedAtMs: number;
  readonly firedAtMs: number | null;
  readonly recoveredAtMs: number | null;
  readonly resolvedAtMs: number | null;
  /** As of now. */
  readonly burnConditions: Evidence["burnConditions"];
  readonly goodCount: number | null;
  readonly totalCount: number | null;
  readonly budget: EvidenceBudget | null;
  /** Share of the period's budget spent from the first sign on; null when not known. */
  readonly budgetSpentRatio: number | null;
  readonly acknowledgedBy: string | null;
  /** Null: not silenced. */
  readonly silence: { readonly by: string; readonly untilMs: number | null } | null;
}

/** The input of a message about one incident. */
export interface IncidentMessageInput {
  readonly incident: MessageIncident;
  /** Null while it is being gathered. */
  readonly evidence: Evidence | null;
  /** Known at firing; those of the evidence come on top. */
  readonly links: readonly EvidenceLink[];
  /** Called once, by the anchor of a page and by an escalation. */
  readonly mentions: readonly Mention[];
  /** Whether Slack can call us back; without, no buttons are shown, because they would show an error. */
  readonly isInteractive: boolean;
}
