const ALL = process.env['DAYFOLD_CUTS'] === 'all'

/** Returns how many cases a test tries: some of them, or all with `npm run test:cuts`. */
export const cases = (some: number, all: number): number => (ALL ? all : some)
