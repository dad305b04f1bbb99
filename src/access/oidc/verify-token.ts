/** Signed tokens (JWT, RFC 7519) of the configured issuers → principals. Algorithms are those of the configuration, never what the token says alone. */
import { decodeJwt, errors, jwtVerify } from "jose";
import type { OidcSettings } from "../../config/auth-schema.js";
import { durationMs } from "../../config/duration.js";
import { MeshlensError } from "../../errors.js";
import type { Clock } from "../../telemetry/clock.js";
import type { Principal } from "../principal.js";
import { type Claims, claimsPrincipal } from "./claims-principal.js";
import type { KeySet } from "./key-set.js";

/** @throws MESHLENS_ERR_ACCESS_UNAUTHENTICATED saying why · MESHLENS_ERR_ACCESS_FORBIDDEN no grant fits · MESHLENS_ERR_ACCESS_KEYS_UNAVAILABLE */
export type VerifyToken = (token: string) => Promise<Principal>;

/** An issuer and its keys. */
export interface Issuer {
  readonly settings: OidcSettings;
  readonly keys: KeySet;
}

/** The check of tokens of some issuers. */
export function createVerifyToken(issuers: readonly Issuer[], clock: Clock): VerifyToken {
  return async (token) => {
    const claimed = issuerOf(token);
    const issuer = issuers.find(({ settings }) => settings.issuer === claimed);
    if (issuer === undefined) throw refusal("its issuer is none of auth.oidc");
    const claims = await verifiedClaims(token, issuer, clock);
    const principal = claimsPrincipal(claims, issuer.settings);
    if (principal !== null) return principal;
    throw new MeshlensError(
      "MESHLENS_ERR_ACCESS_FORBIDDEN",
      `no grant of auth.oidc ${issuer.settings.name} fits the claims of this token: add one for a claim that it has`,
    );
  };
}

async function verifiedClaims(token: string, { settings, keys }: Issuer, clock: Clock): Promise<Claims> {
  const options = {
    algorithms: [...settings.algorithms],
    issuer: settings.issuer,
    audience: [...settings.audience],
    clockTolerance: (durationMs(settings.clockSkew) ?? 0) / 1_000,
    currentDate: new Date(clock.nowMs()),
    requiredClaims: ["exp"],
  };
  try {
    return (await jwtVerify(token, await keys.current(), options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSNoMatchingKey)) throw refusalOf(error);
  }
  const renewed = await keys.renewed();
  if (renewed === null) throw refusal("it names a key that its issuer does not have");
  try {
    return (await jwtVerify(token, renewed, options)).payload;
  } catch (error) {
    throw refusalOf(error);
  }
}

/** Whom the token says it is from, which decides whose keys must fit and nothing else. */
function issuerOf(token: string): unknown {
  try {
    return decodeJwt(token).iss;
  } catch {
    throw refusal("it cannot be read as a signed token");
  }
}

const reasons: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: "it has expired",
  ERR_JOSE_ALG_NOT_ALLOWED: "its algorithm is none of the algorithms of auth.oidc",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "its signature does not fit",
  ERR_JWKS_NO_MATCHING_KEY: "it names a key that its issuer does not have",
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: "it names no key and its issuer has several",
};

const claimReasons: Readonly<Record<string, string>> = {
  aud: "it is meant for another audience",
  iss: "it is of another issuer",
  nbf: "it is not valid yet",
  exp: "it does not say when it expires",
};

function refusalOf(error: unknown): unknown {
  if (error instanceof MeshlensError) return error;
  if (error instanceof errors.JWTClaimValidationFailed) return refusal(claimReasons[error.claim] ?? "a claim is wrong");
  if (error instanceof errors.JOSEError) return refusal(reasons[error.code] ?? "it cannot be verified");
  return refusal("it cannot be verified");
}

function refusal(why: string): MeshlensError {
  return new MeshlensError("MESHLENS_ERR_ACCESS_UNAUTHENTICATED", `the bearer token is refused: ${why}`);
}
