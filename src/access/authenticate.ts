/** Bearer tokens → principals. Own tokens are known by their SHA-256 only, those of an issuer by its keys; server/ calls this for every guarded request. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { MeshlensConfig } from "../config/config-schema.js";
import { MeshlensError } from "../errors.js";
import type { VerifyToken } from "./oidc/verify-token.js";
import { everyone, type Principal } from "./principal.js";

/** What of a request says who asks. */
export interface Caller {
  readonly headers: { readonly authorization?: string | undefined };
  /** Address of the other end. */
  readonly ip: string;
}

/**
 * The caller named by an `Authorization` header.
 * @throws MESHLENS_ERR_ACCESS_UNAUTHENTICATED when there is none, it is no bearer token, or nobody vouches for it ·
 * MESHLENS_ERR_ACCESS_KEYS_UNAVAILABLE when the keys of its issuer were never had · MESHLENS_ERR_ACCESS_RATE_LIMITED
 */
export type Authenticate = (request: Caller) => Promise<Principal>;

/** Room for the many groups that a token of an issuer may list. */
const longestHeader = 16_384;

/**
 * Makes the check of one configuration; without tokens everyone may do everything (the configuration allowed that knowingly).
 * @param verifyToken null where no issuer is configured
 */
export function createAuthenticate(auth: MeshlensConfig["auth"], verifyToken: VerifyToken | null = null): Authenticate {
  if (auth === undefined || auth === "none") return async () => everyone;
  const known = auth.tokens.map((token) => ({
    hash: Buffer.from(token.sha256, "hex"),
    principal: {
      name: token.name,
      visibility: { namespaces: token.namespaces.includes("*") ? ("all" as const) : new Set(token.namespaces) },
      actions: new Set(token.actions),
    } satisfies Principal,
  }));

  return async ({ headers }) => {
    const token = bearerToken(headers.authorization);
    const hash = createHash("sha256").update(token, "utf8").digest();
    let found: Principal | null = null;
    // Every hash is compared, each in constant time, so that the time taken tells nothing about which are near.
    for (const { hash: wanted, principal } of known) {
      if (timingSafeEqual(hash, wanted)) found = principal;
    }
    if (found !== null) return found;
    if (verifyToken !== null && looksSigned(token)) return verifyToken(token);
    throw refusal("the bearer token is not known: add its SHA-256 to auth.tokens");
  };
}

/** Three parts in base64url. */
function looksSigned(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);
}

function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined || authorization === "") {
    throw refusal("a bearer token is needed: send the header Authorization: Bearer TOKEN");
  }
  const token = authorization.length > longestHeader ? undefined : /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1];
  if (token === undefined) throw refusal("the Authorization header is not of the form Bearer TOKEN");
  return token;
}

function refusal(message: string): MeshlensError {
  return new MeshlensError("MESHLENS_ERR_ACCESS_UNAUTHENTICATED", message);
}
