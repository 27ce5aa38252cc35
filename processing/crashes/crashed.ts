import { DayfoldError } from '../../core/errors.ts'
import type { RawObject } from '../../core/manifest.ts'
import type { Crash, Position } from './crash-notes.ts'

/** The error for work that ended its process again and again: WorkerDied, with the objects that were in work. */
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

/** What the last process was at; where it was at something that an earlier one was at too, that alone. */
function suspectsOf(crashes: readonly Crash[]): readonly Position[] {
  const last = crashes.at(-1)?.positions ?? []
  const earlier = new Set(
    crashes.slice(0, -1).flatMap(({ positions }) => positions.map(({ shard }) => shard)),
  )
  const again = last.filter(({ shard }) => earlier.has(shard))
  return again.length > 0 ? again : last
}
