/** What lists of objectives and incidents answer while none can be configured: null is "not known". */
export const noneConfigured = { nodes: null, edges: null, pageInfo: { hasNextPage: false, endCursor: null } };
