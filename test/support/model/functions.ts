/** The product's functions, as the model runs them. */
export { crawl } from '../../../lambda/catalog/crawl.ts'
export { sweepOpenIntents } from '../../../lambda/ledger/sweep.ts'
export { planDay } from '../../../lambda/planning/plan-day.ts'
export { publishDay } from '../../../lambda/publishing/publish-day.ts'
