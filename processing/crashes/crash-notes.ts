import { readSync, writeSync } from 'node:fs'

/**
 * What workers are at, noted in a file that outlives the process: a slot a worker, of three 32-bit integers, which are
 * the shard (counted from 1; 0 while the worker is idle), the input and the line.
 */
const SLOT_INTEGERS = 3
const SLOT_BYTES = SLOT_INTEGERS * 4
const MAX_SLOTS = 1024

/** The file descriptor that the job finds the notes under. */
export const NOTES_FD = 3
/** Set in the job's environment: the crashes so far, as JSON. */
export const CRASHES = 'DAYFOLD_CRASHES'
/** Crashes after which the job is started only to say what it died of. */
export const MAX_CRASHES = 2

/** Where a worker was. */
export interface Position {
  readonly shard: number
  /** Index among the inputs. */
  readonly input: number
  /** From 1 in its object; 0 where it is not known. */
  readonly line: number
}

/** An end of the program that it did not choose. */
export interface Crash {
  /** The signal or the exit code. */
  readonly cause: string
  /** What its workers were at. */
  readonly positions: readonly Position[]
}

/** Notes that outlive the process. */
export interface ProcessNotes {
  /** The file that they go to. */
  readonly fd: number
  /** Earlier tries of the same work. The shards that they were at are run alone. */
  readonly crashes: readonly Crash[]
}

/** Where a worker's notes go. Plain data: the threads of a process share its files. */
export interface NotePlace {
  readonly fd: number
  readonly slot: number
  /** Whether each line is noted: a system call a record. Otherwise each object is. */
  readonly lines: boolean
}

export interface CrashNotes {
  readonly lines: boolean
  at(position: Position): void
  idle(): void
}

/** Notes what one worker is at. A note is in place when the call returns. */
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

/** What the workers that were not idle were at. */
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
