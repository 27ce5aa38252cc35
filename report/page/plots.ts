import { markup, NOTHING, type Html } from './html.ts'

/** Size of a plot, in its own units. */
const [WIDTH, HEIGHT] = [120, 26]
/** Maximum number of points of a line: of more days only every second, third, … is drawn, and the last. */
const MAX_POINTS = 45

/** Width of the bar of a value that many have, in units of a plot. */
const NARROWEST = 1

/** Values of a line in a plot, one per day; undefined for a day without a value, which interrupts the line. */
export type Series = readonly (number | undefined)[]

/**
 * Draws one or more lines over the days in an SVG picture, all on one scale. Empty if no line has two values.
 *
 * @param label text that a screen reader says instead of the picture
 * @param all the lines; the first is drawn stronger than the others
 * @param atLeast range that the scale covers even if no value reaches it
 */
export function lines(label: string, all: readonly Series[], atLeast?: readonly [number, number]): Html {
  const thinned = all.map(thin)
  const values = thinned.flat().filter((value) => value !== undefined)
  if (Math.max(...thinned.map((series) => series.filter((value) => value !== undefined).length)) < 2)
    return NOTHING
  const low = Math.min(...values, ...(atLeast ?? []))
  const high = Math.max(...values, ...(atLeast ?? []))
  if (!Number.isFinite(high - low)) return NOTHING
  const paths = thinned.map(
    (series, index) =>
      markup`<path class="${index === 0 ? 'strong' : 'faint'}" d="${path(series, low, high)}"/>`,
  )
  return picture(label, paths)
}

function thin(series: Series): Series {
  const every = Math.ceil(series.length / MAX_POINTS)
  return series.filter((_, index) => (series.length - 1 - index) % every === 0)
}

function path(series: Series, low: number, high: number): string {
  const step = series.length > 1 ? WIDTH / (series.length - 1) : 0
  let isDown = false
  const parts = series.map((value, index) => {
    if (value === undefined) {
      isDown = false
      return ''
    }
    const command = isDown ? 'L' : 'M'
    isDown = true
    return `${command}${short(index * step)} ${short(across(value, low, high, HEIGHT))}`
  })
  return parts.join('')
}

/** Returns a value's position on an axis that grows upwards. */
function across(value: number, low: number, high: number, length: number): number {
  return high === low ? length / 2 : length - ((value - low) / (high - low)) * length
}

const short = (value: number) => String(Math.round(value * 10) / 10)

/**
 * Draws bars side by side in an SVG picture, the highest at full height. Empty if all heights are 0.
 *
 * @param label text that a screen reader says instead of the picture
 */
export function bars(label: string, heights: readonly number[]): Html {
  const most = Math.max(...heights, 0)
  if (most === 0) return NOTHING
  const width = Math.min(16, WIDTH / heights.length)
  const drawn = heights.map((height, index) => {
    const size = Math.max(1, (height / most) * HEIGHT)
    return markup`<rect x="${short(index * width)}" y="${short(HEIGHT - size)}" width="${short(width - 1)}" height="${short(size)}"/>`
  })
  return picture(label, drawn)
}

/**
 * Draws in an SVG picture how densely values lie: a bar between each two neighbouring quantiles, the higher the more
 * values lie per unit (square root scale). Empty if all values are equal.
 *
 * @param label text that a screen reader says instead of the picture
 * @param quantiles share from 0 to 1 and value, both ascending
 */
export function density(label: string, quantiles: readonly (readonly [at: number, value: number])[]): Html {
  const [low, high] = [quantiles[0]?.[1], quantiles.at(-1)?.[1]]
  if (low === undefined || high === undefined || high <= low || high - low === Infinity) return NOTHING
  const unit = (high - low) / WIDTH
  const steps = stepsOf(quantiles).map(({ from, to, share }) => {
    const width = Math.max(NARROWEST, (to - from) / unit)
    return { x: (from - low) / unit, width, tall: share / width }
  })
  const most = Math.max(...steps.map(({ tall }) => tall))
  const drawn = steps.map(({ x, width, tall }) => {
    const size = Math.max(0.6, Math.sqrt(tall / most) * HEIGHT)
    return markup`<rect x="${short(x)}" y="${short(HEIGHT - size)}" width="${short(width)}" height="${short(size)}"/>`
  })
  return picture(label, drawn)
}

interface Step {
  readonly from: number
  readonly to: number
  readonly share: number
}

/** Steps between quantiles; those at a value that many have are one. */
function stepsOf(quantiles: readonly (readonly [at: number, value: number])[]): Step[] {
  const steps: Step[] = []
  for (const [index, [at, to]] of quantiles.slice(1).entries()) {
    const [before, from] = quantiles[index]!
    const last = steps.at(-1)
    const isSame = last?.from === to && last.to === from
    if (isSame) steps.pop()
    steps.push({ from, to, share: at - before + (isSame ? last.share : 0) })
  }
  return steps
}

const picture = (label: string, content: readonly Html[]) =>
  markup`<svg class="plot" viewBox="-1 -1 ${WIDTH + 2} ${HEIGHT + 2}" role="img" aria-label="${label}">${content}</svg>`
