import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

let collect: (() => void) | undefined

/**
 * Gives back the memory of buffers that nobody refers to any more. V8 sees a small heap and waits, while each chunk
 * that a worker has sent holds megabytes outside of it. Takes a few milliseconds on a heap as small as the main
 * thread's: call it once a row group, not once a chunk.
 */
export function collectGarbage(): void {
  collect ??= exposed()
  collect()
}

// Only when it is needed: a context of its own takes its time, and most processes that load this write no Parquet.
function exposed(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
