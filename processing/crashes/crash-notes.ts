import { readSync, writeSync } from 'node:fs'

/**
 * Layout of the crash notes, a file that outlives the process: one slot per worker of three 32-bit integers, which are
 * the shard (counted from 1; 0 while the worker is idle), the input and the line.
 */
const SLOT_INTEGERS = 3
const SLOT_BYTES = SLOT_INTEGERS * 4
const MAX_SLOTS = 1024

/**
 * File descriptor of the crash notes in the job's process: a file that tells, after a crash, which records were being
 * processed. The supervisor opens it.
 */
export const NOTES_FD = 3
/**
 * Name of the job's environment variable with its crashes so far, as JSON of {@link Crash}[]. The supervisor sets it.
 */
export const CRASHES = 'DAYFOLD_CRASHES'
/** Maximum number of crashes. After these the job is started once more, only to report what crashed it. */
export const MAX_CRASHES = 2

/** Object and line that a worker was processing. */
export interface Position {
  /** Index of the shard in the day, from 0. */
  readonly shard: number
  /** Index of the object among the day's inputs. */
  readonly input: number
  /** Number of the line in its object, from 1; 0 if unknown. */
  readonly line: number
}

/** An end of the job's process that the job did not choose, such as by a signal. */
export interface Crash {
  /** Name of the signal, such as SIGSEGV, or the exit code in words. */
  readonly cause: string
  /** Objects and lines that busy workers were processing. */
  readonly positions: readonly Position[]
}

/** Access to the crash notes for the job, and the crashes of earlier attempts that they have recorded. */
export interface ProcessNotes {
  /** File descriptor to write notes to. */
  readonly fd: number
  /** Crashes of earlier attempts at the same work. Shards that were then being processed now run alone. */
  readonly crashes: readonly Crash[]
}

/**
 * Location of one worker's slot in the crash notes. Plain data that can be sent to the worker: threads of a process
 * share its files.
 */
export interface NotePlace {
  /** File descriptor of the notes, in every thread of the process. */
  readonly fd: number
  /** Index of the slot, from 0. */
  readonly slot: number
  /** True to note each line, at the cost of a system call per record; false to note only each object. */
  readonly lines: boolean
}

/**
 * Notes in a worker's slot what the worker is processing, so that a crash can be blamed on a record. A note is in the
 * file when the call returns.
 */
export interface CrashNotes {
  /** True if `at` is to be called for each line, false if only for each object. */
  readonly lines: boolean
  /** Notes that the worker is processing this. */
  at(position: Position): void
  /** Notes that the worker is processing nothing. */
  idle(): void
}

/** Opens the slot of one worker for writing. */
export function crashNotes({ fd, slot, lines }: NotePlace): CrashNotes {
  const note = new Int32Array(SLOT_INTEGERS)
  const write = () => void writeSync(fd, note, 0, SLOT_BYTES, slot * SLOT_BYTES)
  return {
    lines,
    at({ shard, input, line }) {
      note[0] = shard + 1
      note[1] = input
      note[2] = line
      write()
    },
    idle() {
      note.fill(0)
      write()
    },
  }
}

/** Reads what the workers were processing when the job's process ended; idle workers are left out. */
export function readCrashNotes(fd: number): Position[] {
  const notes = new Int32Array(SLOT_INTEGERS * MAX_SLOTS)
  const slots = Math.floor(readSync(fd, notes, 0, notes.byteLength, 0) / SLOT_BYTES)
  const positions: Position[] = []
  for (let slot = 0; slot < slots; slot++) {
    const start = slot * SLOT_INTEGERS
    const shard = notes[start]!
    if (shard > 0) positions.push({ shard: shard - 1, input: notes[start + 1]!, line: notes[start + 2]! })
  }
  return positions
}
