export { bytes, count, counted, dollars, duration, minute } from '../../core/format.ts'
