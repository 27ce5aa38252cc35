import clicks from './clicks.ts'
import impressions from './impressions.ts'
import jobs from './jobs.ts'

/** Registry of the project: all of its datasets. To add one, add a module beside this file and name it here. */
export const datasets = [jobs, impressions, clicks]
