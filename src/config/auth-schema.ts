/** The `auth:` section: tokens of our own and issuers whose tokens are let in. Part of configSchema. */
import { z } from "zod";
import { duration, filePath, key, plainText, webUrl } from "./key-types.js";

const actions = key(z.array(z.enum(["read", "debug", "operate", "report"])).min(1), {
  description:
    "`read` queries, `debug` shows upstream queries (with all namespaces only), `operate` acknowledges and silences alerts, `report` tells of alerts (`POST /webhooks/alertmanager`).",
});

const token = z.strictObject({
  name: key(plainText, { description: "Who uses it; shown in logs." }),
  sha256: key(
    z.string().regex(/^[0-9a-fA-F]{64}$/, "is not 64 hex digits; make it with: printf %s TOKEN | sha256sum"),
    {
      description:
        "SHA-256 of the token in hex (`printf %s TOKEN | sha256sum`). The token itself is nowhere in the file.",
    },
  ),
  namespaces: key(z.array(plainText).min(1), { description: 'Namespaces it may see; `["*"]` for all.' }),
  actions,
});

const grant = z.strictObject({
  claim: key(plainText.optional(), {
    description:
      "Claim that is looked at, such as `groups` or `realm_access.roles`; left out: every token of this issuer.",
  }),
  value: key(plainText.optional(), { description: "What it must be, or have among its values; needed with `claim`." }),
  namespaces: key(z.array(plainText).default([]), { description: 'Namespaces it gives; `["*"]` for all.' }),
  namespacesClaim: key(plainText.optional(), {
    description: "Claim that lists further namespaces by name; a `*` in it gives nothing.",
  }),
  actions,
});

/** Only such by which nobody can sign who can verify. */
const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"] as const;

const oidc = z.strictObject({
  name: key(z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, "is not of letters, digits, `_`, `.` and `-`, at most 64"), {
    description: "Name of the issuer in logs, before the name of whoever asks; unique.",
  }),
  issuer: key(plainText, { description: "What tokens must have as `iss`, to the letter." }),
  audience: key(z.array(plainText).min(1), { description: "What tokens must have one of as `aud`." }),
  jwksUrl: key(webUrl, {
    description: "Where its public keys are (`jwks_uri` of its discovery document); https, or loopback.",
  }),
  caFile: key(filePath.optional(), {
    description: "PEM file of the authorities to trust for `jwksUrl` instead of the system's.",
  }),
  algorithms: key(z.array(z.enum(algorithms)).min(1).default(["RS256", "ES256"]), {
    description: "Signatures that are accepted.",
  }),
  clockSkew: key(duration.default("30s"), { description: "How far its clock may be off ours.", unit: "duration" }),
  nameClaim: key(plainText.default("sub"), {
    description: "Claim that names who asks, for logs and acknowledgements.",
  }),
  grants: key(z.array(grant).min(1), { description: "What its tokens may; the first that fits decides." }),
});

/** The section. Rules between its keys are checkMeaning's. */
export const authSchema = z.union([
  z.literal("none"),
  z.strictObject({
    tokens: key(z.array(token).default([]), { description: "Bearer tokens that are let in." }),
    oidc: key(z.array(oidc).max(20).default([]), {
      description: "Issuers whose signed tokens (OpenID Connect, JWT) are let in.",
    }),
  }),
]);

/** Settings of one issuer. */
export type OidcSettings = z.output<typeof oidc>;
