/**
 * Our silences in Alertmanager, where its address is configured: made with an incident's, ended with it or with the incident. A failure is
 * told in words and changes nothing here. Called by the desk and the composition root.
 */
import { isMeshlensError } from "../../errors.js";
import type { RulerStore } from "../../store/ruler-store.js";
import type { Clock } from "../../telemetry/clock.js";
import type { RulerLabels, RulerSource } from "../../telemetry/ruler-alert.js";
import type { CallOptions } from "../../telemetry/source.js";

/** The bridge. */
export interface SilenceThere {
  /** Makes one, instead of an earlier one. Null when it is there, or there is nothing to silence; else what went wrong, for people. */
  made(incident: SilencedSubject, by: string, untilMs: number | null): Promise<string | null>;
  /** Ends the one of an incident; null when it is over. */
  ended(incidentId: string): Promise<string | null>;
}

/** Whose alerts are silenced. */
export interface SilencedSubject {
  readonly id: string;
  readonly objectiveId: string;
}

/** What it works with. */
export interface SilenceDeps {
  readonly source: RulerSource;
  readonly store: Pick<RulerStore, "keepSilence" | "silences">;
  /** Labels that tell the subject's alerts from others; null where it has none in Alertmanager. */
  readonly labelsOf: (objectiveId: string) => RulerLabels | null;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Alertmanager knows no silence without an end; the one of an incident ends with it. */
const longestMs = 7 * 86_400_000;

/** One. */
export function createSilenceThere({ source, store, labelsOf, clock, timeoutMs }: SilenceDeps): SilenceThere {
  const options = (): CallOptions => ({
    signal: AbortSignal.timeout(timeoutMs),
    deadlineMs: clock.nowMs() + timeoutMs,
  });
  const inWords = async (what: string, work: () => Promise<void>): Promise<string | null> => {
    try {
      await work();
      return null;
    } catch (error) {
      const why = isMeshlensError(error) ? error.message : "for a reason of our own; the log has it";
      return `${what}: ${why}`;
    }
  };
  async function end(incidentId: string): Promise<void> {
    const silenceId = (await store.silences()).get(incidentId);
    if (silenceId === undefined) return;
    await source.expire(silenceId, options());
    await store.keepSilence(incidentId, null);
  }
  return {
    made({ id, objectiveId }, by, untilMs) {
      const labels = labelsOf(objectiveId);
      if (labels === null) return Promise.resolve(null);
      return inWords("It is silenced here, and not in Alertmanager", async () => {
        await end(id);
        const nowMs = clock.nowMs();
        const silenceId = await source.silence(
          {
            matchers: Object.entries(labels).map(([name, value]) => ({ name, value })),
            startsAtMs: nowMs,
            endsAtMs: untilMs ?? nowMs + longestMs,
            createdBy: by,
            comment: `Silenced in Meshlens (incident ${id})`,
          },
          options(),
        );
        await store.keepSilence(id, silenceId);
      });
    },
    ended: (incidentId) => inWords("The silence is over here, and not in Alertmanager", () => end(incidentId)),
  };
}
