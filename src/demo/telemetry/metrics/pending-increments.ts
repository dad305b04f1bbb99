/** Increments that are known before they are due, kept by the second in typed arrays. Used by the proxies' counters. */

const slotMs = 1_000;

/** Increments not yet due. */
export interface PendingIncrements {
  add(cell: number, atMs: number, value: number): void;
  /** Applies and forgets all that are due by `untilMs` (inclusive), in no promised order. */
  drain(untilMs: number, apply: (cell: number, atMs: number, value: number) => void): void;
}

interface Slot {
  size: number;
  cells: Int32Array;
  times: Float64Array;
  values: Float64Array;
}

/** None pending. */
export function createPendingIncrements(): PendingIncrements {
  const slots = new Map<number, Slot>();
  /** Slots that were emptied, for the seconds to come. */
  const spare: Slot[] = [];
  let lastIndex = Number.NaN;
  let lastSlot = emptySlot();

  return {
    add(cell, atMs, value) {
      const index = Math.floor(atMs / slotMs);
      if (index !== lastIndex) {
        const known = slots.get(index);
        lastSlot = known ?? spare.pop() ?? emptySlot();
        lastIndex = index;
        if (known === undefined) slots.set(index, lastSlot);
      }
      const slot = lastSlot;
      if (slot.size === slot.cells.length) grow(slot);
      const at = slot.size++;
      slot.cells[at] = cell;
      slot.times[at] = atMs;
      slot.values[at] = value;
    },
    drain(untilMs, apply) {
      const last = Math.floor(untilMs / slotMs);
      for (const [index, slot] of slots) {
        if (index > last) continue;
        drainSlot(slot, untilMs, apply);
        if (slot.size > 0) continue;
        slots.delete(index);
        spare.push(slot);
      }
      lastIndex = Number.NaN;
    },
  };
}

function drainSlot(slot: Slot, untilMs: number, apply: (cell: number, atMs: number, value: number) => void): void {
  const { cells, times, values, size } = slot;
  let kept = 0;
  for (let i = 0; i < size; i++) {
    const cell = cells[i] ?? 0;
    const atMs = times[i] ?? 0;
    const value = values[i] ?? 0;
    if (atMs <= untilMs) apply(cell, atMs, value);
    else {
      cells[kept] = cell;
      times[kept] = atMs;
      values[kept] = value;
      kept++;
    }
  }
  slot.size = kept;
}

function emptySlot(): Slot {
  return { size: 0, cells: new Int32Array(64), times: new Float64Array(64), values: new Float64Array(64) };
}

function grow(slot: Slot): void {
  const length = slot.cells.length * 2;
  const { cells, times, values } = slot;
  slot.cells = new Int32Array(length);
  slot.cells.set(cells);
  slot.times = new Float64Array(length);
  slot.times.set(times);
  slot.values = new Float64Array(length);
  slot.values.set(values);
}
