/** The registry, put in place by the bundler: see lib/bundle.ts. */
declare module 'virtual:datasets' {
  import type { Dataset } from '../processing/dataset.ts'
  export const datasets: readonly Dataset[]
}
