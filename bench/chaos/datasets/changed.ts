import orders from './orders-changed.ts'
import visits from './visits.ts'

/** The datasets after a change of one's feature code. */
export const datasets = [orders, visits]
