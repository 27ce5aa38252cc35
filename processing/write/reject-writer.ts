import { once } from 'node:events'
import { createGzip, type Gzip } from 'node:zlib'
import { rejectName } from '../../core/layout.ts'
import type { Reject, RejectedFor, RejectReason } from '../../core/rejects.ts'
import type { OutputFile, Sink } from './sink.ts'

/** Uncompressed bytes of a reject file at which the next one is begun. */
const FILE_BYTES = 256 * 1024 * 1024
/** Characters per write: zlib goes to another thread with each. */
const WRITE_CHARACTERS = 64 * 1024
/**
 * Maximum number of characters of the outline that stands for a reason: it may contain a column's name of any length.
 */
const OUTLINE_CHARACTERS = 300
const NO_OUTLINE = 'its message stands in the reject file'

/** A rejected record, with a message that is safe to show outside of reject files. */
export interface OutlinedReject extends Reject {
  /**
   * Message without raw data, used if the record is the first with its reason. @default a text that refers to the
   * reject file
   */
  readonly outline?: string
}

/** A reject file that is completely written. */
export interface FinishedRejects {
  /** File name. */
  readonly name: string
  /** Number of rejected records in it. */
  readonly rows: number
  /** Compressed bytes. */
  readonly bytes: number
}

/** Writes rejected records into gzip files, one JSON document per line. */
export interface RejectWriter {
  /** Adds the next rejected records. Resolves when more may be added. */
  add(rejects: readonly OutlinedReject[]): Promise<void>
  /** Completes the last file and returns all files, in order; none if nothing was rejected. */
  finish(): Promise<FinishedRejects[]>
  /** Returns the number of rejects so far by reason, the most frequent reason first. */
  reasons(): RejectedFor[]
  /** Discards the unfinished file. */
  abort(): Promise<void>
}

interface OpenFile {
  readonly name: string
  readonly file: OutputFile
  readonly gzip: Gzip
  readonly piping: Promise<number>
  rows: number
  /** Text that is not written yet. */
  text: string
  textBytes: number
}

/**
 * Makes a writer of reject files, whose bytes depend only on the sequence of rejects. Begins another file after 256 MiB
 * of text. Holds a few hundred KiB.
 */
export function rejectWriter(
  sink: Sink,
  { generation, attempt }: { readonly generation: number; readonly attempt: string },
): RejectWriter {
  const finished: FinishedRejects[] = []
  const reasons = new Map<RejectReason, RejectedFor>()
  let open: OpenFile | undefined

  return {
    async add(rejects) {
      for (const { outline, ...reject } of rejects) {
        open ??= await begin()
        note(reject, outline)
        open.text += `${JSON.stringify(reject)}\n`
        open.rows++
        if (open.text.length < WRITE_CHARACTERS) continue
        if (!write(open)) await Promise.race([once(open.gzip, 'drain'), open.piping])
        if (open.textBytes >= FILE_BYTES) await close()
      }
    },
    async finish() {
      await close()
      return finished
    },
    reasons: () => [...reasons.values()].sort((one, other) => other.records - one.records),
    async abort() {
      open?.gzip.destroy()
      await open?.file.abort()
    },
  }

  function note({ reason, source, line }: Reject, outline = NO_OUTLINE): void {
    const known = reasons.get(reason)
    const first = known?.first ?? { source, line, message: outline.slice(0, OUTLINE_CHARACTERS) }
    reasons.set(reason, { reason, records: (known?.records ?? 0) + 1, first })
  }

  async function begin(): Promise<OpenFile> {
    const name = rejectName(generation, attempt, finished.length)
    const file = await sink.create('rejected', name)
    const gzip = createGzip()
    const piping = pipe(gzip, file)
    piping.catch(() => {})
    return { name, file, gzip, piping, rows: 0, text: '', textBytes: 0 }
  }

  async function close(): Promise<void> {
    if (!open) return
    const { name, file, gzip, piping, rows } = open
    write(open)
    gzip.end()
    const bytes = await piping
    await file.close()
    finished.push({ name, rows, bytes })
    open = undefined
  }
}

/** Hands the text to gzip. Returns false if it has enough for now. */
function write(open: OpenFile): boolean {
  const bytes = Buffer.from(open.text)
  open.text = ''
  open.textBytes += bytes.length
  return open.gzip.write(bytes)
}

async function pipe(gzip: Gzip, file: OutputFile): Promise<number> {
  let bytes = 0
  for await (const chunk of gzip as AsyncIterable<Buffer>) {
    bytes += chunk.length
    await file.write(chunk)
  }
  return bytes
}
