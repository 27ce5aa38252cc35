/** The program of a pass's process: its parent sends it the options and gets the figures. */
import { once } from 'node:events'
import type { PassOptions } from './messages.ts'
import { runPass } from './pass.ts'

// If the parent is gone, nobody waits for the figures; functions and jobs end with this process.
process.on('disconnect', () => process.exit(1))
const [options] = (await once(process, 'message')) as [PassOptions]
const figures = await runPass(options)
process.send!(figures, () => process.exit())
