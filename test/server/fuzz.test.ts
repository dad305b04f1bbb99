// Whatever comes in by HTTP or GraphQL is answered, as the caller's fault or not at all: no 5xx, no crash, no growth. Bounded by count and time;
// the seed is printed when it fails, and MESHLENS_FUZZ_RUNS makes it longer.
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
} from "graphql";
import { createExecutableSchema } from "../../src/graphql/executable-schema.js";
import { alertId, deliveryId, serviceId, sloId } from "../../src/graphql/ids.js";
import { type Caller, type CanaryWorld, startCanaryWorld } from "../support/access/start-canary-world.js";

const runs = Number(process.env["MESHLENS_FUZZ_RUNS"] ?? 50);
const timeLimitMs = runs * 250;
const terms = {
  numRuns: runs,
  interruptAfterTimeLimit: timeLimitMs,
  markInterruptAsFailure: false,
  endOnFailure: true,
};
const schema = createExecutableSchema();
let world: CanaryWorld;
beforeAll(async () => {
  world = await startCanaryWorld();
}, 300_000);
afterAll(() => world.close());

const word = fc.oneof(
  fc.constantFrom(
    "alpha",
    "cart",
    "front",
    "zqxvault",
    "default",
    "",
    "*",
    "../../etc",
    "__proto__",
    "constructor",
    "%00",
  ),
  fc.string({ maxLength: 30, unit: "grapheme" }),
  fc.string({ maxLength: 30, unit: "binary" }),
);
const id = fc.oneof(
  word.map((name) => serviceId({ cluster: "default", namespace: "alpha", name })),
  word.map(alertId),
  word.map(sloId),
  word.map(deliveryId),
  fc.base64String({ maxLength: 80 }),
);
const number = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(0, -1, 1, 100, 1e308, Number.MAX_SAFE_INTEGER, 2 ** 31, -(2 ** 31)),
);
const instant = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom("2026-05-12T12:30:00Z", "now", "2026-13-40T99:99:99Z", "0000-01-01T00:00:00Z"),
);
const duration = fc.oneof(fc.constantFrom("5m", "1h", "30s", "0s", "-1h", "99999d", "1h1h", "5"), word);

/** GraphQL text of a value for a type, mostly of its shape. */
function valueText(type: GraphQLInputType, depth = 0): fc.Arbitrary<string> {
  const bare = getNullableType(type) as GraphQLInputType;
  const any = fc.oneof(
    word.map((text) => JSON.stringify(text)),
    number.map(String),
    fc.constantFrom("null", "[]", "{}", "FOO", "$x"),
  );
  if (isListType(bare)) {
    const listed = fc.array(valueText(bare.ofType as GraphQLInputType, depth + 1), { maxLength: 4 });
    return fc.oneof(
      { weight: 5, arbitrary: listed.map((all) => `[${all.join(", ")}]`) },
      { weight: 1, arbitrary: any },
    );
  }
  if (isEnumType(bare)) return fc.oneof(fc.constantFrom(...bare.getValues().map(({ name }) => name)), any);
  if (isInputObjectType(bare)) {
    if (depth > 4) return fc.constant("{}");
    const fields = Object.values(bare.getFields()).map((field) =>
      fc.option(
        valueText(field.type, depth + 1).map((value) => `${field.name}: ${value}`),
        { nil: "", freq: 3 },
      ),
    );
    return fc.oneof(
      { weight: 6, arbitrary: fc.tuple(...fields).map((all) => `{ ${all.filter((one) => one !== "").join(", ")} }`) },
      { weight: 1, arbitrary: any },
    );
  }
  const typical: Readonly<Record<string, fc.Arbitrary<string>>> = {
    ID: id.map((text) => JSON.stringify(text)),
    Duration: duration.map((text) => JSON.stringify(text)),
    DateTime: instant.map((text) => JSON.stringify(text)),
    Cursor: id.map((text) => JSON.stringify(text)),
    TraceId: fc.oneof(fc.stringMatching(/^[0-9a-f]{32}$/), word).map((text) => JSON.stringify(text)),
    Int: fc.oneof(fc.integer({ min: -5, max: 2_000 }), number).map(String),
    Float: number.map(String),
    Boolean: fc.constantFrom("true", "false"),
    String: word.map((text) => JSON.stringify(text)),
  };
  return fc.oneof({ weight: 5, arbitrary: typical[getNamedType(bare).name] ?? any }, { weight: 1, arbitrary: any });
}

function argumentsOf(args: readonly GraphQLArgument[]): fc.Arbitrary<string> {
  const given = args.map((arg) => {
    const value = valueText(arg.type).map((text) => `${arg.name}: ${text}`);
    return isRequiredArgument(arg) ? fc.option(value, { nil: "", freq: 12 }) : fc.option(value, { nil: "", freq: 1 });
  });
  return fc.tuple(...given).map((all) => {
    const said = all.filter((one) => one !== "");
    return said.length === 0 ? "" : `(${said.join(", ")})`;
  });
}

/** A selection of a type by the schema, with arguments of all kinds. */
function selectionOf(type: GraphQLObjectType, depth: number): fc.Arbitrary<string> {
  const fields = Object.values(type.getFields()).filter((field) => depth > 0 || isLeafType(getNamedType(field.type)));
  const oneField = fc.constantFrom(...(fields.length > 0 ? fields : [null])).chain((field) => {
    if (field === null) return fc.constant("__typename");
    const inner = getNamedType(field.type);
    const below = isObjectType(inner)
      ? selectionOf(inner, depth - 1)
      : fc.constant(isLeafType(inner) ? "" : "{ __typename }");
    return fc.tuple(argumentsOf(field.args), below).map(([args, rest]) => `${field.name}${args} ${rest}`);
  });
  return fc
    .array(oneField, { minLength: 1, maxLength: 3 })
    .map((all) => `{ ${all.map((one, i) => `f${i}: ${one}`).join(" ")} }`);
}

const roots = [schema.getQueryType(), schema.getQueryType(), schema.getMutationType()] as readonly GraphQLObjectType[];
const anyDocument = fc.nat(2).chain((kind) => {
  const root = roots[kind] as GraphQLObjectType;
  return selectionOf(root, 4).map((text) => (kind === 2 ? `mutation ${text}` : `query Q($x: String) ${text}`));
});
/** A document with a piece cut out, doubled or replaced. */
const broken = fc
  .tuple(
    anyDocument,
    fc.nat(),
    fc.nat(40),
    fc.oneof(word, fc.constantFrom("{", "}", "...", "fragment A on Query {", "@skip(if: true)")),
  )
  .map(([text, at, length, piece]) => {
    const from = at % (text.length + 1);
    return text.slice(0, from) + piece + text.slice(from + length);
  });
const caller = fc.constantFrom<Caller>("admin", "alpha", "stranger", null);
const variables = fc.oneof(fc.constant({}), fc.dictionary(word, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }));

/** The heap of the server's thread after a collection, once twice the same work lies behind it. */
async function growthOf(work: () => Promise<unknown>): Promise<number> {
  await work();
  const before = await world.heapBytes();
  await work();
  return (await world.heapBytes()) - before;
}
const mostGrowthBytes = 24 * 2 ** 20;

/** Asks by GraphQL; a refusal must be the caller's fault. */
async function mustBeHisFault(who: Caller, text: string, given: object): Promise<void> {
  const { status, text: answer } = await world.ask(who, text, given);
  const isOurs = status >= 500 || answer.includes("INTERNAL_SERVER_ERROR");
  if (status === 200) answered += 1;
  expect(isOurs ? `${status} ${answer.slice(0, 600)} to ${text}` : "his").toBe("his");
}

/** Operations that were run. */
let answered = 0;

describe("whatever is asked", () => {
  test("of GraphQL: documents by the schema with arguments of all kinds", async () => {
    const growth = await growthOf(() =>
      fc.assert(fc.asyncProperty(caller, anyDocument, variables, mustBeHisFault), terms),
    );
    expect(growth).toBeLessThan(mostGrowthBytes);
  }, 900_000);

  test("of GraphQL: documents that are broken", async () => {
    const growth = await growthOf(() => fc.assert(fc.asyncProperty(caller, broken, variables, mustBeHisFault), terms));
    expect(growth).toBeLessThan(mostGrowthBytes);
  }, 900_000);

  test("of HTTP: methods, paths, headers and bodies as bytes on a socket", async () => {
    const method = fc.oneof(fc.constantFrom("GET", "POST", "PUT", "OPTIONS", "HEAD", "DELETE", "PATCH", "TRACE"), word);
    const path = fc.oneof(
      fc.constantFrom(
        "/graphql",
        "/graphql?query={sources{name}}",
        "/graphql?query=",
        "/metrics",
        "/readyz",
        "/graphiql",
        "/webhooks/alertmanager",
        "/slack/interactions",
        "/demo/scenario",
        "/demo/slack/files/x",
        "/demo/slack/press",
        "/../../x",
        "//",
      ),
      word.map((text) => `/${encodeURIComponent(text)}`),
      word.map((text) => `/${text}`),
    );
    const header = fc.tuple(
      fc.oneof(
        fc.constantFrom(
          "content-type",
          "origin",
          "host",
          "content-length",
          "transfer-encoding",
          "upgrade",
          "connection",
          "authorization",
          "x-request-id",
          "traceparent",
          "sec-websocket-key",
          "sec-fetch-site",
          "expect",
          "accept",
        ),
        fc.stringMatching(/^[a-z-]{1,20}$/),
      ),
      fc.oneof(
        fc.constantFrom(
          "application/json",
          "text/plain",
          "websocket",
          "upgrade",
          "chunked",
          "0",
          "99999999999",
          "-1",
          "null",
          "100-continue",
          "Bearer alpha",
          "127.0.0.1",
          "[::1",
          "https://",
        ),
        word,
      ),
    );
    const body = fc.oneof(
      word,
      fc.json({ maxDepth: 3 }),
      anyDocument.map((query) => JSON.stringify({ query })),
      fc.constantFrom(
        '{"query":',
        "[]",
        '{"query":1}',
        '{"query":"{sources{name}}","variables":[]}',
        '{"query":"{sources{name}}","operationName":{}}',
        '{"version":"4","alerts":[{}]}',
      ),
    );
    const growth = await growthOf(() =>
      fc.assert(
        fc.asyncProperty(
          method,
          path,
          fc.array(header, { maxLength: 5 }),
          body,
          fc.boolean(),
          async (how, where, headers, text, isAdmin) => {
            const lines = [
              `${how} ${where} HTTP/1.1`,
              "Host: 127.0.0.1",
              ...(isAdmin ? ["Authorization: Bearer admin"] : []),
              ...headers.map(([name, value]) => `${name}: ${value}`),
            ];
            const sent = `${lines.join("\r\n")}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
            const answer = await rawAnswer(sent);
            expect(answer).not.toMatch(/^HTTP\/1\.1 5/m);
          },
        ),
        terms,
      ),
    );
    expect((await world.get("admin", "/healthz")).status).toBe(200);
    expect(growth).toBeLessThan(mostGrowthBytes);
  }, 900_000);
});

/** The first bytes of what comes back, "" for nothing within a moment: an unfinished request is waited for. */
function rawAnswer(bytes: string): Promise<string> {
  const { hostname, port } = new URL(world.url);
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const end = () => {
      socket.destroy();
      resolve(text.slice(0, 400));
    };
    socket.setTimeout(150, end);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      end();
    });
    socket.on("error", end);
    socket.on("close", end);
  });
}
