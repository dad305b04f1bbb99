/** Does what was pressed, and says in words what the message itself will not show. Called by the route of interactions. */
import { seeAll, type Visibility } from "../../telemetry/visibility.js";
import type { Press } from "./read-press.js";

/** What of the alert desk is needed; each answers null for an incident that is not there any more. */
export interface PressDesk {
  acknowledge(incidentId: string, by: string, visibility: Visibility): Promise<PressedIncident | null>;
  /** `forMs` null: until it is resolved. */
  silence(
    incidentId: string,
    by: string,
    forMs: number | null,
    visibility: Visibility,
  ): Promise<PressedIncident | null>;
  /** Gathers evidence anew, in the background; null for what is over, too. */
  refreshEvidence(incidentId: string, visibility: Visibility): Promise<PressedIncident | null>;
}

/** An incident after a press. */
export interface PressedIncident {
  readonly resolvedAtMs: number | null;
  readonly acknowledged: { readonly by: string } | null;
  /** What went wrong in Alertmanager after a silence; null and left out: nothing. */
  readonly silenceProblem?: string | null;
}

/** How it ended. */
export interface PressOutcome {
  readonly isDone: boolean;
  /** For the one who pressed; null when the message shows it. */
  readonly words: string | null;
}

const gone = { isDone: false, words: "This incident is not known any more: nothing was done." } as const;
const over = { isDone: false, words: "This incident is over: nothing was done." } as const;

/**
 * The outcome. Whoever is in the channel may press: Slack's workspace decides who that is.
 * @throws MESHLENS_ERR_STORE_*
 */
export async function carryOutPress(desk: PressDesk, { action, incidentId, by }: Press): Promise<PressOutcome> {
  switch (action.do) {
    case "ACKNOWLEDGE": {
      const incident = await desk.acknowledge(incidentId, by, seeAll);
      if (incident === null) return gone;
      const first = incident.acknowledged?.by ?? by;
      return first === by ? told(incident) : { isDone: true, words: `${first} looks after it already.` };
    }
    case "SILENCE": {
      const incident = await desk.silence(incidentId, by, action.forMs, seeAll);
      return incident === null ? gone : told(incident);
    }
    case "REFRESH_EVIDENCE": {
      const incident = await desk.refreshEvidence(incidentId, seeAll);
      return incident === null ? over : { isDone: true, words: "Evidence is being gathered anew." };
    }
  }
}

function told({ resolvedAtMs, silenceProblem = null }: PressedIncident): PressOutcome {
  return resolvedAtMs === null ? { isDone: true, words: silenceProblem } : over;
}
