import { once } from 'node:events'
import type { PassOptions } from './messages.ts'
import { runPass } from './pass.ts'

/** The program of a pass's process: its parent sends it the options and gets the figures. */
const [options] = (await once(process, 'message')) as [PassOptions]
const figures = await runPass(options)
process.send!(figures, () => process.exit())
