import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/**
 * Gives back the memory of buffers that nobody refers to any more. V8 sees a small heap and waits, while each chunk
 * that a worker has sent holds megabytes outside of it. Takes a few milliseconds on a heap as small as the main
 * thread's: call it once a row group, not once a chunk.
 */
export function collectGarbage(): void {
  collect()
}
