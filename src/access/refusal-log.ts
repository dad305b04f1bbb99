/**
 * Refused callers for the audit log: the first refusal of a caller at once, further ones counted and told once a minute, so that whoever
 * guesses tokens fills neither disk nor memory. Called by server/audit-refusals.ts.
 */

/** Who was refused what. */
export interface Refusal {
  /** Name of the token, or the address of who has none that is known. Never a token. */
  readonly by: string;
  /** 401, 403 or 429. */
  readonly status: number;
  /** The route's pattern. */
  readonly route: string;
}

/** A line of the log: `count` refusals since the last line of the same. */
export interface ToldRefusal extends Refusal {
  readonly count: number;
}

/** Collects refusals. */
export interface RefusalLog {
  refused(refusal: Refusal): void;
  /** Tells what was counted and not yet told; called now and then, and at the end. */
  flush(): void;
}

/** Callers told apart between two flushes; those beyond are one, `others`. */
export const mostRefused = 200;

/** @param tell writes a line */
export function createRefusalLog(tell: (refusal: ToldRefusal) => void): RefusalLog {
  const counted = new Map<string, { readonly refusal: Refusal; untold: number }>();
  return {
    refused(given) {
      const isKnown = counted.has(keyOf(given));
      const refusal = isKnown || counted.size < mostRefused ? given : { ...given, by: "others" };
      const entry = counted.get(keyOf(refusal));
      if (entry !== undefined) entry.untold += 1;
      else {
        counted.set(keyOf(refusal), { refusal, untold: 0 });
        tell({ ...refusal, count: 1 });
      }
    },
    flush() {
      for (const [key, entry] of counted) {
        // Silent since the last flush: its next refusal is a first one again.
        if (entry.untold === 0) counted.delete(key);
        else tell({ ...entry.refusal, count: entry.untold });
        entry.untold = 0;
      }
    },
  };
}

function keyOf({ by, status, route }: Refusal): string {
  return `${status} ${route} ${by}`;
}
