import { describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { ruleText } from "../../../src/server/rule-text.js";
import { toOpenSlo } from "../../../src/slo/convert/to-openslo.js";
import { toPyrra } from "../../../src/slo/convert/to-pyrra.js";
import { toSloth } from "../../../src/slo/convert/to-sloth.js";
import type { DeclaredObjective } from "../../../src/slo/readers/declared-objective.js";
import { readTexts } from "../readers/read-texts.js";

const { selectorText } = ruleText(15_000);
const writers = { openslo: toOpenSlo, sloth: toSloth, pyrra: toPyrra };

const sloth = `version: prometheus/v1
service: cart
labels: { "meshlens.dev/service": shop/cart }
slos:
  - name: availability
    objective: 99.9
    description: what users see
    sli:
      events:
        error_query: sum(increase(http_total{code=~"5.."}[{{.window}}]))
        total_query: sum(increase(http_total[{{.window}}]))
    alerting: { ticket_alert: { disable: true } }
`;
const pyrra = `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: { name: took, namespace: shop, annotations: { meshlens.dev/service: shop/cart } }
spec:
  target: "99"
  window: 30d
  indicator: { latency: { success: { metric: 'took_bucket{le="0.5"}' }, total: { metric: took_count } } }
`;

function declaredOf(text: string): readonly DeclaredObjective[] {
  const { declared, findings } = readTexts(text);
  expect(findings.filter((finding) => finding.includes("error"))).toEqual([]);
  return declared;
}

const textOf = (documents: readonly object[]) => documents.map((one) => stringify(one)).join("---\n");
const meaning = ({ objective: { service, sli, target, period } }: DeclaredObjective) => {
  const counts = sli.kind === "EVENTS" ? { ...sli, part: sli.part.terms, total: sli.total.terms } : sli;
  return { service, counts, target, period };
};

describe("objectives in another format", () => {
  test.each([
    ["sloth", sloth, "openslo"],
    ["sloth", sloth, "pyrra"],
    ["sloth", sloth, "sloth"],
    ["pyrra", pyrra, "openslo"],
    ["pyrra", pyrra, "pyrra"],
  ] as const)("%s read, written and read again means the same (%#)", (_from, text, to) => {
    const [before] = declaredOf(text);
    const { documents, losses } = writers[to](declaredOf(text), selectorText);
    expect(losses.filter(({ isWhole }) => isWhole)).toEqual([]);
    const [after] = declaredOf(textOf(documents));
    expect(after && meaning(after)).toEqual(before && meaning(before));
  });

  test("OpenSLO keeps both windows of a tier by annotation, and who is paged", () => {
    const [after] = declaredOf(textOf(toOpenSlo(declaredOf(sloth), selectorText).documents));
    expect(
      after?.objective.alerting.tiers.map(({ name, severity, factor }) => `${severity} ${name} ${factor}`),
    ).toEqual(["PAGE 1h/5m 14.4", "PAGE 6h/30m 6"]);
  });

  test("what a format cannot say is told, objective by objective", () => {
    const short = "apiVersion: meshlens/v1\nnamespace: shop\nobjectives:\n  - { service: cart, availability: 99% }\n";
    expect(toSloth(declaredOf(short), selectorText)).toMatchObject({ documents: [], losses: [{ isWhole: true }] });
    const calendar = `apiVersion: meshlens/v1
namespace: shop
objectives:
  - service: cart
    window: { calendar: month, zone: Europe/Berlin }
    events: { target: 99%, failed: "sum(rate(a[5m]))", total: "sum(rate(b[5m])) + sum(rate(c[5m]))" }
`;
    const messages = (to: keyof typeof writers) =>
      writers[to](declaredOf(calendar), selectorText).losses.map(({ message }) => message);
    expect(messages("sloth")).toEqual(["its period: Sloth's is a flag of the program, 30 days unless told"]);
    expect(messages("pyrra")).toEqual(["adds several counters, and Pyrra takes one selector for each side"]);
    expect(messages("openslo")).toEqual([]);
  });
});
