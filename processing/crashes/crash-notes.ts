import { readSync, writeSync } from 'node:fs'

/**
 * Layout of the crash notes, a file that outlives the process: one slot per worker of three 32-bit integers, which are
 * the shard (counted from 1; 0 while the worker is idle), the input and the line.
 */
const SLOT_INTEGERS = 3
const SLOT_BYTES = SLOT_INTEGERS * 4
const MAX_SLOTS = 1024

/** File descriptor of the notes in the job's process; the supervisor opens the file. */
export const NOTES_FD = 3
/** Environment variable of the job with the crashes so far, as JSON of {@link Crash}[]. The supervisor sets it. */
export const CRASHES = 'DAYFOLD_CRASHES'
/** After this many crashes the job is started once more, only to report what it died of. */
export const MAX_CRASHES = 2

/** The place that a worker had reached. */
export interface Position {
  readonly shard: number
  /** Index of the object among the inputs. */
  readonly input: number
  /** Line in its object, from 1; 0 if unknown. */
  readonly line: number
}

/** An end of the job's process that the job did not choose. */
export interface Crash {
  /** Name of the signal, or the exit code, in words. */
  readonly cause: string
  /** Places of the workers that were busy. */
  readonly positions: readonly Position[]
}

/** The job's access to the crash notes: where to write them, and what earlier tries left. */
export interface ProcessNotes {
  /** File descriptor to write notes to. */
  readonly fd: number
  /** Crashes of earlier tries of the same work. The shards that were being read then run alone. */
  readonly crashes: readonly Crash[]
}

/** A worker's slot in the notes. Plain data: the threads of a process share its files. */
export interface NotePlace {
  readonly fd: number
  readonly slot: number
  /** True to note each line, which costs a system call per record; false to note only each object. */
  readonly lines: boolean
}

/** Writes where one worker is into its slot. A note is in the file when the call returns. */
export interface CrashNotes {
  readonly lines: boolean
  at(position: Position): void
  idle(): void
}

/** Opens the slot of one worker. */
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

/** Reads the places of the workers that were not idle. */
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
