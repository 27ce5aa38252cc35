/** The registry, put in place by the bundler: see lib/bundle/program.ts. */
declare module 'virtual:datasets' {
  // eslint-disable-next-line @typescript-eslint/consistent-type-imports -- a module by this name cannot import by path
  export const datasets: readonly import('./dataset.ts').Dataset[]
}
