import orders from './orders.ts'
import visits from './visits.ts'

export const datasets = [orders, visits]
