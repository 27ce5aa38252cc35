import clickChances from './click-chances.ts'

export const datasets = [clickChances]
