/** The public keys of one issuer (RFC 7517), kept while its address is down and read anew when a token names one that is not among them. */
import { createLocalJWKSet, type JWK, type JWTVerifyGetKey } from "jose";
import { MeshlensError } from "../../errors.js";
import type { Clock } from "../../telemetry/clock.js";

/** What it needs. */
export interface KeySetDeps {
  /** Name of the issuer in messages. */
  readonly name: string;
  /** Reads the document of keys; whatever it throws counts as down. */
  readonly fetchKeys: () => Promise<unknown>;
  readonly clock: Clock;
  /** Told each time the keys could not be read. */
  readonly onFailed: (error: unknown) => void;
}

/** Keys to verify with. */
export interface KeySet {
  /** Those at hand, read first where there are none. @throws MESHLENS_ERR_ACCESS_KEYS_UNAVAILABLE */
  current(): Promise<JWTVerifyGetKey>;
  /** Those read after a token named an unknown one; null when they were read too short a time ago, or could not be. */
  renewed(): Promise<JWTVerifyGetKey | null>;
}

/** Reads are this far apart at least, whatever tokens name: who makes up key ids must not make us ask the issuer. */
export const cooldownMs = 30_000;
/** Keys at hand are read anew after this, so that a withdrawn one goes. */
export const freshMs = 10 * 60_000;
/** With the issuer down they serve for this long. */
export const keptMs = 24 * 3_600_000;
const mostKeys = 100;

/** Nothing is read before the first token comes. */
export function createKeySet({ name, fetchKeys, clock, onFailed }: KeySetDeps): KeySet {
  let keys: JWTVerifyGetKey | null = null;
  let readMs = Number.NEGATIVE_INFINITY;
  let triedMs = Number.NEGATIVE_INFINITY;
  let underWay: Promise<boolean> | null = null;

  async function read(): Promise<boolean> {
    triedMs = clock.nowMs();
    try {
      keys = createLocalJWKSet({ keys: usableKeys(await fetchKeys()) });
      readMs = clock.nowMs();
      return true;
    } catch (error) {
      onFailed(error);
      return false;
    } finally {
      underWay = null;
    }
  }

  function refresh(): Promise<boolean> {
    if (underWay === null && clock.nowMs() - triedMs < cooldownMs) return Promise.resolve(false);
    underWay ??= read();
    return underWay;
  }

  return {
    async current() {
      const ageMs = clock.nowMs() - readMs;
      if (keys === null || ageMs > keptMs) await refresh();
      else if (ageMs > freshMs) void refresh();
      if (keys !== null && clock.nowMs() - readMs <= keptMs) return keys;
      const message = `the keys of the issuer ${name} cannot be read at the moment, so its tokens cannot be checked: the log says why`;
      throw new MeshlensError("MESHLENS_ERR_ACCESS_KEYS_UNAVAILABLE", message, { retryAfterMs: cooldownMs });
    },
    renewed: async () => ((await refresh()) ? keys : null),
  };
}

/** Public keys for signatures; shared secrets and what is no key are left out. @throws TypeError for a document without any */
function usableKeys(document: unknown): JWK[] {
  const listed = typeof document === "object" && document !== null && "keys" in document ? document.keys : null;
  if (!Array.isArray(listed)) throw new TypeError("the document has no list `keys`");
  const usable = listed.slice(0, mostKeys).filter((key): key is JWK => isPublicKey(key));
  if (usable.length === 0) throw new TypeError("the document has no public key for signatures");
  return usable;
}

function isPublicKey(key: unknown): boolean {
  if (typeof key !== "object" || key === null || !("kty" in key)) return false;
  const isKind = key.kty === "RSA" || key.kty === "EC" || key.kty === "OKP";
  return isKind && !("d" in key) && (!("use" in key) || key.use === "sig");
}
