import { describe, expect, test } from "@jest/globals";
import {
  alertSeverity,
  isForeignSubject,
  type SubjectTerms,
  subjectOf,
} from "../../../src/alerting/ruler/alert-subject.js";
import { alertmanagerSchema } from "../../../src/config/alertmanager-schema.js";
import { makeObjective } from "../../support/objectives.js";

const { labels, pageSeverities } = alertmanagerSchema.parse({});
const objective = makeObjective();
const terms: SubjectTerms = {
  names: { ...labels, pageSeverities },
  objectiveOf: (service, slo) =>
    service === "bookinfo/ratings" && slo === "availability" ? { objective, alertName: "RatingsBurn" } : null,
  serviceOf: ({ cluster, namespace, name }) => ({ cluster: cluster ?? "default", namespace, name }),
};
const of = (given: Readonly<Record<string, string>>) => subjectOf(given, terms);
const serviceOf = (given: Readonly<Record<string, string>>) => {
  const { namespace, name } = of({ alertname: "A", ...given }).service;
  return `${namespace}/${name}`;
};

describe("what an alert is about", () => {
  const sloth = { sloth_service: "bookinfo/ratings", sloth_slo: "availability" };

  test("the objective whose rules raised it", () => {
    expect(of({ alertname: "RatingsBurn", ...sloth })).toMatchObject({
      id: objective.id,
      objective,
      name: "availability",
    });
  });

  test("itself, of the same service, where it is another alert with the objective's labels", () => {
    const subject = of({ alertname: "RatingsBurnNoData", ...sloth });
    expect(subject).toMatchObject({ objective: null, name: "RatingsBurnNoData", service: { name: "ratings" } });
    expect(isForeignSubject(subject.id)).toBe(true);
  });

  test("itself, of the service its labels name, the mesh's own first", () => {
    expect(serviceOf({ service: "cart", namespace: "shop" })).toBe("shop/cart");
    expect(serviceOf({ destination_service: "cart.shop.svc.cluster.local", service: "x", namespace: "y" })).toBe(
      "shop/cart",
    );
    expect(serviceOf({ destination_service_name: "cart", destination_service_namespace: "shop" })).toBe("shop/cart");
    expect(serviceOf({ sloth_service: "shop/cart", sloth_slo: "unknown to us" })).toBe("shop/cart");
    expect(serviceOf({ job: "node" })).toBe("unknown/node");
    expect(serviceOf({})).toBe("unknown/unknown");
    expect(serviceOf({ service: "a\u0000b\n", namespace: " shop " })).toBe("shop/a b");
  });

  test("one incident per alert name and service, whatever its other labels", () => {
    const one = of({ alertname: "A", service: "cart", namespace: "shop", pod: "1" });
    expect(of({ alertname: "A", service: "cart", namespace: "shop", pod: "2" }).id).toBe(one.id);
    expect(of({ alertname: "B", service: "cart", namespace: "shop", pod: "1" }).id).not.toBe(one.id);
    expect(of({ alertname: "A", service: "cart", namespace: "bank" }).id).not.toBe(one.id);
    expect(one.id).toMatch(/^alert-[0-9a-f]{20}$/);
  });

  test("how urgent it is: a page by name, a ticket otherwise, our rules' own word first", () => {
    const severity = (given: Readonly<Record<string, string>>) => alertSeverity(given, terms.names);
    expect(severity({ severity: "Critical" })).toBe("PAGE");
    expect(severity({ severity: "warning" })).toBe("TICKET");
    expect(severity({})).toBe("TICKET");
    expect(severity({ sloth_severity: "ticket", severity: "critical" })).toBe("TICKET");
  });
});
