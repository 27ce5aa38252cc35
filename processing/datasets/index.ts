import clicks from './clicks.ts'
import impressions from './impressions.ts'
import jobs from './jobs.ts'

/** The registry: every dataset of the project. To add one, add a module beside this file and a line here. */
export const datasets = [jobs, impressions, clicks]
