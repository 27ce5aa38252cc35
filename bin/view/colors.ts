import picocolors from 'picocolors'

/**
 * Colours are for terminals: output to a pipe or a log, also on a build server, is plain text. NO_COLOR and FORCE_COLOR
 * override that.
 */
const isWanted =
  process.env.FORCE_COLOR !== undefined || (process.stdout.isTTY === true && picocolors.isColorSupported)

/** Functions that colour a text for the terminal. They return it unchanged if colours are not wanted. */
export const colors = picocolors.createColors(isWanted)
