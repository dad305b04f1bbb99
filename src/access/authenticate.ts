/** Bearer tokens → principals. Tokens are known by their SHA-256 only; server/ calls this for every guarded request. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { MeshlensConfig } from "../config/config-schema.js";
import { MeshlensError } from "../errors.js";
import { everyone, type Principal } from "./principal.js";

/**
 * The caller named by an `Authorization` header.
 * @throws MESHLENS_ERR_ACCESS_UNAUTHENTICATED when there is none, it is no bearer token, or it is not configured
 */
export type Authenticate = (authorization: string | undefined) => Principal;

const longestHeader = 4096;

/** Makes the check of one configuration; without tokens everyone may do everything (the configuration allowed that knowingly). */
export function createAuthenticate(auth: MeshlensConfig["auth"]): Authenticate {
  if (auth === undefined || auth === "none") return () => everyone;
  const known = auth.tokens.map((token) => ({
    hash: Buffer.from(token.sha256, "hex"),
    principal: {
      name: token.name,
      visibility: { namespaces: token.namespaces.includes("*") ? ("all" as const) : new Set(token.namespaces) },
      actions: new Set(token.actions),
    } satisfies Principal,
  }));

  return (authorization) => {
    const token = bearerToken(authorization);
    const hash = createHash("sha256").update(token, "utf8").digest();
    let found: Principal | null = null;
    // Every hash is compared, each in constant time, so that the time taken tells nothing about which are near.
    for (const { hash: wanted, principal } of known) {
      if (timingSafeEqual(hash, wanted)) found = principal;
    }
    if (found === null) throw refusal("the bearer token is not known: add its SHA-256 to auth.tokens");
    return found;
  };
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
