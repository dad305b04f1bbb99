/** What is going to happen to the mesh, in order of time. Used by the simulation and by everything that changes the world later than now. */

/** Planned changes; those of one instant come in the order they were planned in. */
export interface Timeline {
  /** Plans something; `atMs` is epoch ms. */
  at(atMs: number, change: (atMs: number) => void): void;
  /** When the next change is due; Infinity with none. */
  nextMs(): number;
  /** Makes the next change happen. */
  step(): void;
}

/** An empty timeline. */
export function createTimeline(): Timeline {
  const planned: { readonly atMs: number; readonly change: (atMs: number) => void }[] = [];
  return {
    at: (atMs, change) => {
      let index = planned.length;
      while (index > 0 && (planned[index - 1]?.atMs ?? 0) > atMs) index -= 1;
      planned.splice(index, 0, { atMs, change });
    },
    nextMs: () => planned[0]?.atMs ?? Number.POSITIVE_INFINITY,
    step: () => {
      const next = planned.shift();
      next?.change(next.atMs);
    },
  };
}
