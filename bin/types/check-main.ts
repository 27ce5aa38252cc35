/**
 * Program of the process that checks types beside `try`. `check-main.ts REGISTRY DATASET` sends the problems to its
 * parent.
 */
import { setPriority } from 'node:os'
import { checkDatasets } from './check-datasets.ts'

/** Lowest priority: rows come first, even on a single core. */
const LOWEST = 19

setPriority(LOWEST)
process.once('disconnect', () => process.exit(1))
const [registry, dataset] = process.argv.slice(2) as [string, string]
process.send!(checkDatasets(registry, dataset))
process.disconnect()
