import { join } from 'node:path'

/** The registry of the datasets over generated records. */
export const GENERATED_REGISTRY = join(import.meta.dirname, 'datasets.ts')
