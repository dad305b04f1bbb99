/**
 * Strikes names of services out of text that a caller may read though it names what the caller may not see: a span of `cart` says whom it
 * called. Decided by the form of a name alone; names that are known to exist are not looked for, or the gaps would tell which do.
 * Called by mesh for callers of some namespaces, and by GraphQL for what was stored.
 */
import { canSee, type Visibility } from "./visibility.js";

/** What stands in place of a name. */
export const struckName = "(hidden)";

const label = "[-a-z0-9*]{1,63}";
/** `reviews.bookinfo.svc.cluster.local`, also within `outbound|9080|v2|...`. */
const inCluster = new RegExp(`${label}\\.(${label})\\.svc(?![-a-z0-9])(?:\\.[-a-z0-9]{1,63})*`, "gi");
/** `spiffe://cluster.local/ns/bookinfo/sa/bookinfo-reviews`, also without the scheme. */
const identity = new RegExp(`(?:spiffe://)?[-a-z0-9.]{0,253}/ns/(${label})/sa/[-a-z0-9.]{1,253}`, "gi");
/** Looked for first: most texts hold neither, in capitals neither. */
const [mayName, mayIdentify] = [/\.svc/i, /\/ns\//i];
/** A host of two labels at the beginning or in a URL: `reviews.bookinfo:9080`. */
const shortHost = new RegExp(`(^|://)${label}\\.(${label})(?=[:/?#]|$)`, "gi");
/** Ends of hosts that are no namespaces. */
const publicEnd = /^(?:[a-z]{2}|com|org|net|edu|gov|int|info|biz|local|internal|\d+)$/i;

/** The text without full names and identities of namespaces out of sight. */
export function strikeNames(text: string, visibility: Visibility): string {
  if (visibility.namespaces === "all") return text;
  const strike = (found: string, namespace: string) =>
    canSee(visibility, namespace.toLowerCase()) ? found : struckName;
  const named = mayName.test(text) ? text.replace(inCluster, strike) : text;
  return mayIdentify.test(named) ? named.replace(identity, strike) : named;
}

/** The same for a text that is a host, an authority or a URL: short names are struck out too. */
export function strikeHost(text: string, visibility: Visibility): string {
  if (visibility.namespaces === "all") return text;
  return strikeNames(text, visibility).replace(shortHost, (found, before: string, namespace: string) =>
    publicEnd.test(namespace) || canSee(visibility, namespace.toLowerCase()) ? found : `${before}${struckName}`,
  );
}

const hostTags: ReadonlySet<string> = new Set([
  "http.url",
  "http.host",
  "url.full",
  "server.address",
  "net.peer.name",
  "net.host.name",
  "peer.service",
  "peer.hostname",
  "rpc.service",
]);
/** Istio's waypoints say of both ends of a call who they are. */
const endPrefixes = ["istio.source_", "istio.destination_"];

/** Tags of a span, or attributes of its events, without such names. */
export function strikeTags(
  tags: Readonly<Record<string, string>>,
  visibility: Visibility,
): Readonly<Record<string, string>> {
  if (visibility.namespaces === "all") return tags;
  const hiddenEnds = endPrefixes.filter((prefix) => {
    const namespace = tags[`${prefix}namespace`];
    return namespace !== undefined && !canSee(visibility, namespace);
  });
  const shown = Object.entries(tags).filter(([key]) => !hiddenEnds.some((prefix) => key.startsWith(prefix)));
  return Object.fromEntries(
    shown.map(([key, value]) => [
      key,
      hostTags.has(key) ? strikeHost(value, visibility) : strikeNames(value, visibility),
    ]),
  );
}
