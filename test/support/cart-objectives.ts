/** The objective that the stories of killed servers watch, as its file has it. */

/** One page of short windows, so that incidents come and go within minutes. */
export const cartObjectives = `apiVersion: meshlens/v1
namespace: shop
objectives:
  - service: cart
    availability: 99.9%
    alerting: { page: { for: 1m, keepFiring: 5m }, tiers: [{ severity: page, long: 10m, short: 2m, factor: 10 }] }
`;

const shortly =
  "alerting: { page: { for: 1m, keepFiring: 1m }, tiers: [{ severity: page, long: 10m, short: 2m, factor: 10 }] }";

/** The like twice, counted in two ledgers, which two copies measure when they share measuring out: five minutes from the first failure it is over. */
export const sharedObjectives = `apiVersion: meshlens/v1
namespace: shop
objectives:
  - service: cart
    availability: 99.9%
    ${shortly}
  - service: cart
    name: from-front
    caller: front
    availability: 99.9%
    ${shortly}
`;
