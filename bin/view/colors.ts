import picocolors from 'picocolors'

/**
 * Colours for a terminal, or none: whoever pipes the output or keeps it in a log gets plain text, on a build server
 * as well, and NO_COLOR and FORCE_COLOR mean what they say.
 */
const isWanted =
  process.env.FORCE_COLOR !== undefined || (process.stdout.isTTY === true && picocolors.isColorSupported)

export const colors = picocolors.createColors(isWanted)
