/** What every database behind the store must do alike. Run on SQLite's file and memory in the unit suite, on PostgreSQL in the real one. */
import { afterEach, beforeEach, describe } from "@jest/globals";
import type { CountTier } from "../../src/store/sli-count-store.js";
import type { Store } from "../../src/store/store.js";
import { describeAlertStore } from "./store-alerts.contract.js";
import { describeAskedAnswers } from "./store-asked.contract.js";
import { describeChangeStore } from "./store-changes.contract.js";
import { describeCopies } from "./store-copies.contract.js";
import { describeSliCounts } from "./store-counts.contract.js";
import { describeOutbox } from "./store-outbox.contract.js";
import { describeRulerStore } from "./store-ruler.contract.js";

/** One place for stores, empty at first. */
export interface StorePlace {
  /** Opens a store there; a second call after `close` finds what the first wrote, where the place is a lasting one. */
  open(tiers?: readonly CountTier[]): Promise<Store>;
  clear(): Promise<void>;
}

/** How a suite gets at the store of the running test. */
export interface StoreUnderTest {
  store(): Store;
  readonly isLasting: boolean;
  /** Closes and opens again: what a restart does. */
  reopen(tiers?: readonly CountTier[]): Promise<Store>;
}

/** The contract on places made by `makePlace`, one per test. */
export function describeStore(name: string, makePlace: () => Promise<StorePlace>, isLasting = true): void {
  describe(`store contract: ${name}`, () => {
    let place: StorePlace | null = null;
    let store: Store | null = null;
    beforeEach(async () => {
      place = await makePlace();
      store = await place.open();
    });
    afterEach(async () => {
      await store?.close();
      await place?.clear();
    });
    const under: StoreUnderTest = {
      isLasting,
      store: () => store as Store,
      async reopen(tiers) {
        await store?.close();
        store = await (place as StorePlace).open(tiers);
        return store;
      },
    };
    describeSliCounts(under);
    describeAlertStore(under);
    describeOutbox(under);
    describeChangeStore(under);
    describeRulerStore(under);
    describeAskedAnswers(under);
    describeCopies(under);
  });
}
