/** Rules of the configuration that hold between keys; each finding names the key to change. Used by parseConfig only. */
import { isIP } from "node:net";
import type { MeshlensConfig } from "./config-schema.js";

/** A broken rule and the key it is about. */
export interface MeaningProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Whether an address can be reached from this machine only. A name other than `localhost` counts as reachable from elsewhere. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "").toLowerCase();
  if (isIP(bare) === 4) return bare.startsWith("127.");
  return bare === "localhost" || bare === "::1" || /^::ffff:127\.\d+\.\d+\.\d+$/.test(bare);
}

/** All broken rules of a configuration whose shape is right. */
export function checkMeaning(config: MeshlensConfig): readonly MeaningProblem[] {
  return [
    ...exposure(config),
    ...sourceNames(config),
    ...tokens(config),
    ...issuers(config),
    ...sourceAuth(config),
    ...slackSection(config),
    ...alertmanagerSection(config),
  ];
}

function exposure({ server, auth }: MeshlensConfig): readonly MeaningProblem[] {
  if (auth !== undefined || isLoopback(server.host)) return [];
  const message =
    "others can reach this address and nobody is asked for a token: add auth.tokens, listen on 127.0.0.1, or write auth: none if everyone may read everything";
  return [{ path: ["server", "host"], message }];
}

function sourceNames({ sources }: MeshlensConfig): readonly MeaningProblem[] {
  return repeated(sources.map((source) => source.name)).map(([index, first]) => ({
    path: ["sources", index, "name"],
    message: `is already the name of sources[${first}]: names must differ`,
  }));
}

function tokens({ auth }: MeshlensConfig): readonly MeaningProblem[] {
  if (auth === undefined || auth === "none") return [];
  if (auth.tokens.length + auth.oidc.length === 0) {
    return [{ path: ["auth"], message: "lets nobody in: add a token or an issuer, or write auth: none" }];
  }
  const rule = (key: "name" | "sha256", values: readonly string[]) =>
    repeated(values).map(([index, first]) => ({
      path: ["auth", "tokens", index, key],
      message: `is the same as in auth.tokens[${first}]: each token needs its own`,
    }));
  return [
    ...rule(
      "name",
      auth.tokens.map((token) => token.name),
    ),
    ...rule(
      "sha256",
      auth.tokens.map((token) => token.sha256.toLowerCase()),
    ),
  ];
}

function issuers({ auth }: MeshlensConfig): readonly MeaningProblem[] {
  if (auth === undefined || auth === "none") return [];
  const found: MeaningProblem[] = [];
  for (const key of ["name", "issuer"] as const) {
    const values = auth.oidc.map((one) => one[key]);
    for (const [index, first] of repeated(values))
      found.push({ path: ["auth", "oidc", index, key], message: `is the same as in auth.oidc[${first}]` });
  }
  for (const [index, { jwksUrl, grants }] of auth.oidc.entries()) {
    const path = ["auth", "oidc", index];
    const { protocol, hostname } = new URL(jwksUrl);
    if (protocol === "http:" && !isLoopback(hostname)) {
      const message = "must be https: whoever is in between could put keys of his own in place of the issuer's";
      found.push({ path: [...path, "jwksUrl"], message });
    }
    for (const [at, { claim, value, namespaces, namespacesClaim }] of grants.entries()) {
      const ofGrant = [...path, "grants", at];
      if ((claim === undefined) !== (value === undefined))
        found.push({ path: ofGrant, message: "needs claim and value together" });
      if (namespaces.length === 0 && namespacesClaim === undefined)
        found.push({ path: ofGrant, message: "gives no namespace: add namespaces or namespacesClaim" });
    }
  }
  return found;
}

function sourceAuth({ sources }: MeshlensConfig): readonly MeaningProblem[] {
  return sources.flatMap((source, index): readonly MeaningProblem[] => {
    if (source.kind === "kubernetes") return contextWithoutFile(source, index);
    const path = ["sources", index, "auth"];
    const found: MeaningProblem[] = [];
    const { auth, tls } = source;
    if (auth !== undefined) {
      found.push(...credentials(auth, path, source.kind === "elasticsearch"));
      if (Object.keys(source.headers).some((name) => name.toLowerCase() === "authorization")) {
        found.push({ path: ["sources", index, "headers"], message: "must not have Authorization beside auth" });
      }
    }
    found.push(...tlsPair(tls, ["sources", index, "tls"]));
    return found;
  });
}

type Credentials = NonNullable<Extract<MeshlensConfig["sources"][number], { kind: "prometheus" }>["auth"]>;

function credentials(
  { basic, bearer, apiKey }: Credentials,
  path: readonly PropertyKey[],
  isElasticsearch: boolean,
): readonly MeaningProblem[] {
  const found: MeaningProblem[] = [];
  if ([basic, bearer, apiKey].filter((way) => way !== undefined).length !== 1) {
    found.push({ path, message: "needs exactly one of basic, bearer, apiKey" });
  }
  if (basic) found.push(...either([...path, "basic"], "password", basic.password, basic.passwordFile));
  if (bearer) found.push(...either([...path, "bearer"], "token", bearer.token, bearer.tokenFile));
  if (apiKey && !isElasticsearch) {
    found.push({ path: [...path, "apiKey"], message: "is Elasticsearch's: write bearer or headers here" });
  } else if (apiKey) found.push(...either([...path, "apiKey"], "key", apiKey.key, apiKey.keyFile));
  return found;
}

function tlsPair(
  tls: { readonly certFile?: string | undefined; readonly keyFile?: string | undefined } | undefined,
  path: readonly PropertyKey[],
): readonly MeaningProblem[] {
  if (tls === undefined || (tls.certFile === undefined) === (tls.keyFile === undefined)) return [];
  return [{ path, message: "needs certFile and keyFile together" }];
}

function alertmanagerSection({ alerting }: MeshlensConfig): readonly MeaningProblem[] {
  const section = alerting?.alertmanager;
  if (section === undefined) return [];
  const path = ["alerting", "alertmanager"];
  const { url, auth, tls, headers } = section;
  const isReached = auth !== undefined || tls !== undefined || Object.keys(headers).length > 0;
  if (url === undefined) return isReached ? [{ path, message: "needs url beside auth, tls or headers" }] : [];
  const found = auth === undefined ? [] : credentials(auth, [...path, "auth"], false);
  return [...found, ...tlsPair(tls, [...path, "tls"])];
}

function contextWithoutFile(
  { context, kubeconfig }: Extract<MeshlensConfig["sources"][number], { kind: "kubernetes" }>,
  index: number,
): readonly MeaningProblem[] {
  if (context === undefined || kubeconfig !== undefined) return [];
  return [{ path: ["sources", index, "context"], message: "is a context of a kubeconfig: set kubeconfig too" }];
}

function either(path: readonly PropertyKey[], name: string, value: unknown, file: unknown): readonly MeaningProblem[] {
  return (value === undefined) === (file === undefined)
    ? [{ path, message: `needs exactly one of ${name} and ${name}File` }]
    : [];
}

function slackSection({ slack }: MeshlensConfig): readonly MeaningProblem[] {
  if (slack === undefined) return [];
  const { token, channel, webhookUrl, signingSecret, routes, mute } = slack;
  const found: MeaningProblem[] = [];
  if ((token === undefined) === (webhookUrl === undefined)) {
    found.push({ path: ["slack"], message: "needs exactly one of token and webhookUrl" });
  }
  if (token !== undefined && channel === undefined) {
    found.push({
      path: ["slack"],
      message: "needs channel beside token: where alerts go that no route sends elsewhere",
    });
  }
  if (webhookUrl !== undefined && token === undefined) {
    const needsToken = "needs slack.token: a webhook posts to its one channel and cannot be called back";
    if (signingSecret !== undefined) found.push({ path: ["slack", "signingSecret"], message: needsToken });
    if (routes.length > 0) found.push({ path: ["slack", "routes"], message: needsToken });
  }
  for (const [index, { timeZone }] of mute.entries()) {
    if (isTimeZone(timeZone)) continue;
    const message = "is no time zone of the IANA database: write a name such as Europe/Berlin, or UTC";
    found.push({ path: ["slack", "mute", index, "timeZone"], message });
  }
  return found;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Index of each repeated value with the index of its first occurrence. */
function repeated(values: readonly string[]): readonly (readonly [number, number])[] {
  return values.flatMap((value, index) => {
    const first = values.indexOf(value);
    return first < index ? [[index, first] as const] : [];
  });
}
