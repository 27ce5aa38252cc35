/** Stands for the registry of datasets, which the bundler puts in its place: see lib/bundle/program.ts. */
declare module 'virtual:datasets' {
  /** Every dataset of the project. */
  // eslint-disable-next-line @typescript-eslint/consistent-type-imports -- a module by this name cannot import by path
  export const datasets: readonly import('./dataset.ts').Dataset[]
}
