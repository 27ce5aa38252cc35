import { DayfoldError } from '../../core/errors.ts'
import type { RawObject } from '../../core/manifest.ts'
import type { Crash, Position } from './crash-notes.ts'

/**
 * Makes the error WorkerDied for work that has crashed its process repeatedly. It names the objects, and if known the
 * lines, that were being processed.
 *
 * @param inputs raw objects of the day, to which the crashes refer by index
 */
export function crashed(inputs: readonly RawObject[], crashes: readonly Crash[]): DayfoldError {
  const suspects = suspectsOf(crashes)
  const place = ({ input, line }: Position) =>
    `${inputs[input]?.key ?? 'unknown'}${line > 0 ? ` near line ${line}` : ''}`
  const places = [...new Set(suspects.map(place))].join(', ')
  const causes = crashes.map(({ cause }) => cause).join(', ')
  return new DayfoldError(
    'WorkerDied',
    `${places || 'The job'}: expected the process to survive it, found that ${crashes.length} were ended (${causes}). ` +
      (places
        ? 'Look at what extract does with that record, and at native code and memory.'
        : 'No object was being read: look at setup, native code and memory.'),
    { context: { keys: suspects.map(({ input }) => inputs[input]?.key), causes } },
  )
}

/** Places of the last crash; only those whose shard was being read in an earlier crash as well, if there are any. */
function suspectsOf(crashes: readonly Crash[]): readonly Position[] {
  const last = crashes.at(-1)?.positions ?? []
  const earlier = new Set(
    crashes.slice(0, -1).flatMap(({ positions }) => positions.map(({ shard }) => shard)),
  )
  const again = last.filter(({ shard }) => earlier.has(shard))
  return again.length > 0 ? again : last
}
