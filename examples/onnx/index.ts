import clickChances from './click-chances.ts'

/** The registry of this example, for `--datasets`. */
export const datasets = [clickChances]
