import { once } from 'node:events'
import { createGzip, type Gzip } from 'node:zlib'
import { rejectName } from '../../core/layout.ts'
import type { Reject, RejectedFor, RejectReason } from '../../core/rejects.ts'
import type { OutputFile, Sink } from './sink.ts'

/** Uncompressed bytes of a reject file at which the next one is begun. */
const FILE_BYTES = 256 * 1024 * 1024
/** Characters per write: zlib goes to another thread with each. */
const WRITE_CHARACTERS = 64 * 1024
/** Most characters of the outline that stands for a reason: it may hold a column's name of any length. */
const OUTLINE_CHARACTERS = 300
const NO_OUTLINE = 'its message stands in the reject file'

/** A reject, with an outline that may be shown elsewhere if it is the first of its reason. */
export interface OutlinedReject extends Reject {
  readonly outline?: string
}

/** A reject file that is in place under its name. */
export interface FinishedRejects {
  readonly name: string
  readonly rows: number
  readonly bytes: number
}

/** Writes rejected records, one JSON document per line, into compressed files. */
export interface RejectWriter {
  /** Adds the next rejects; resolves when more may be added. */
  add(rejects: readonly OutlinedReject[]): Promise<void>
  /** Resolves to the files, in order; to none if nothing was rejected. */
  finish(): Promise<FinishedRejects[]>
  /** Counts of the rejects so far by reason, the commonest first: at most one per reason. */
  reasons(): RejectedFor[]
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

/** Returns a writer of reject files, whose bytes depend on the sequence of rejects alone. Holds a few hundred KiB. */
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
