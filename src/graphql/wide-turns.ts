/**
 * Turns at putting an answer together that is as wide as the mesh: a graph of thousands of edges is tens of MB while it is written out,
 * and twenty at once would be twenty times that for nothing, because there is one thread to write them. What is asked upstream does not wait.
 */
import { once } from "../telemetry/once.js";

/** One operation's turn. */
export interface WideTurn {
  /** Resolves when it is this one's turn, or when it has waited long enough. */
  begin(): Promise<void>;
  /** Gives the turn on; before or without `begin` it does nothing. */
  end(): void;
}

/** For operations that are nobody's request. */
export const noTurn: WideTurn = { begin: () => Promise.resolve(), end: () => undefined };

/** Turns of which `max` are held at once; `waitMs` is how long one waits at most, after which it goes ahead all the same. */
export function createWideTurns(max: number): (waitMs: number) => WideTurn {
  const waiting = new Set<() => void>();
  let held = 0;

  const enter = (go: () => void) => {
    waiting.delete(go);
    held += 1;
    go();
  };

  return (waitMs) => {
    let leave: () => void = () => undefined;
    return {
      begin: () =>
        new Promise<void>((resolve) => {
          let timer: NodeJS.Timeout | null = null;
          const go = () => {
            if (timer !== null) clearTimeout(timer);
            leave = once(() => {
              held -= 1;
              const [next] = waiting;
              if (next !== undefined && held < max) enter(next);
            });
            resolve();
          };
          if (held < max) return enter(go);
          waiting.add(go);
          timer = setTimeout(() => enter(go), waitMs);
          leave = once(() => {
            waiting.delete(go);
            if (timer !== null) clearTimeout(timer);
            resolve();
          });
        }),
      end: () => leave(),
    };
  };
}
