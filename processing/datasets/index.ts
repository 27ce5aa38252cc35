/** The registry: every dataset that is deployed. */
export const datasets = []
