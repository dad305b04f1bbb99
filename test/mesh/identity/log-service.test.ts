import { describe, expect, test } from "@jest/globals";
import { noClusterNames } from "../../../src/mesh/identity/cluster-name.js";
import { logService } from "../../../src/mesh/identity/log-service.js";
import { podService } from "../../../src/mesh/identity/pod-name.js";
import { podWorkload } from "../../../src/telemetry/pod-name.js";
import { logRecord } from "../../support/log-records.js";

describe("the service of a log record", () => {
  test("is the best name of its labels", () => {
    const record = logRecord({ serviceNames: ["reviews", "reviews-app"], namespace: "bookinfo" });
    expect(logService(record, null, noClusterNames)).toEqual({
      cluster: "default",
      namespace: "bookinfo",
      name: "reviews",
    });
  });

  test("is read from the pod's name where there are no labels", () => {
    const record = logRecord({ serviceNames: [], namespace: "bookinfo", pod: "reviews-v2-6f6cfc45b-h5m2n" });
    expect(logService(record, "east", noClusterNames)).toEqual({
      cluster: "east",
      namespace: "bookinfo",
      name: "reviews",
    });
  });

  test("is null without a namespace", () => {
    expect(logService(logRecord({ namespace: null }), null, noClusterNames)).toBeNull();
  });
});

describe("a pod's name", () => {
  test.each([
    ["reviews-v2-6f6cfc45b-h5m2n", "reviews-v2", "reviews"],
    ["details-v1-c29268486b-60952", "details-v1", "details"],
    ["ts-basic-service-5dc8d4f9fd-46997", "ts-basic-service", "ts-basic-service"],
    ["mysql-0", "mysql", "mysql"],
    ["fluentd-x7k2p", "fluentd", "fluentd"],
    ["my-service", "my-service", "my-service"],
    ["productpage", "productpage", "productpage"],
  ])("%s was made from workload %s of service %s", (pod, workload, service) => {
    expect(podWorkload(pod)).toBe(workload);
    expect(podService(pod)).toBe(service);
  });
});
