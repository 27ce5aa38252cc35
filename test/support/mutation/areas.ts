/** Folders whose mutants are tested together, by the name of the area. */
export const AREAS = {
  core: 'core',
  lambda: 'lambda',
  parquet: 'processing/parquet',
  records: 'processing/records',
  client: 'client',
} as const satisfies Readonly<Record<string, string>>

export type Area = keyof typeof AREAS

export const AREA_NAMES = Object.keys(AREAS) as Area[]

/** Mutants of an area that are tested. */
export const SAMPLE = 400
