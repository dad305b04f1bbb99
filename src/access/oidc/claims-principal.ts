/** Claims of a verified token → a principal, by the grants of the configuration. Pure. */
import type { OidcSettings } from "../../config/auth-schema.js";
import type { Principal } from "../principal.js";

/** Claims as they stand in the token. */
export type Claims = Readonly<Record<string, unknown>>;

const longestName = 200;
const mostNamespaces = 1_000;

/** The principal of the first grant that fits; null when none does. Its name is that of the issuer and of its claim. */
export function claimsPrincipal(claims: Claims, { name, nameClaim, grants }: OidcSettings): Principal | null {
  const grant = grants.find(({ claim, value }) => claim === undefined || valuesOf(claims, claim).includes(value ?? ""));
  const who = valuesOf(claims, nameClaim)[0] ?? "";
  if (grant === undefined || who === "" || who.length > longestName || !/^[^\p{C}]+$/u.test(who)) return null;
  // A star in a claim is a name that no namespace has: all are given by the configuration only.
  const named = grant.namespacesClaim === undefined ? [] : valuesOf(claims, grant.namespacesClaim);
  return {
    name: `${name}/${who}`,
    visibility: {
      namespaces: grant.namespaces.includes("*")
        ? "all"
        : new Set([...grant.namespaces, ...named.slice(0, mostNamespaces)]),
    },
    actions: new Set(grant.actions),
    ...(typeof claims["exp"] === "number" ? { expiresAtMs: claims["exp"] * 1_000 } : {}),
  };
}

/** Texts of a claim: its own, each of a list, the words of `scope` and `scp`. A dot leads into objects where no claim has the whole name. */
function valuesOf(claims: Claims, path: string): readonly string[] {
  const value = Object.hasOwn(claims, path) ? claims[path] : path.split(".").reduce<unknown>(within, claims);
  if (typeof value === "string") return path === "scope" || path === "scp" ? value.split(" ") : [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function within(holder: unknown, key: string): unknown {
  if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, key)) return undefined;
  return (holder as Claims)[key];
}
