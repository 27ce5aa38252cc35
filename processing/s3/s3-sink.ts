import { copyBytes } from '../copy-bytes.ts'
import { stagedPartsPrefix, stagedRejectsPrefix } from '../../core/layout.ts'
import type { OutputFile, Sink } from '../write/sink.ts'
import type { S3, Upload, UploadedPart } from './client.ts'

/** Bytes per uploaded part by default: 64 of them make the largest file. */
const UPLOAD_BYTES = 16 * 1024 * 1024
/** Maximum number of parts of a file that are being uploaded at once. */
const UPLOADS_AT_ONCE = 3

/** Bucket and prefix for staged files, and the size of uploads. */
export interface S3SinkOptions {
  readonly s3: S3
  readonly bucket: string
  /** Prefix of the attempt's staging folder. */
  readonly staging: string
  /** Called after each upload with the seconds that it took. @default not called */
  readonly onUpload?: ((seconds: number) => void) | undefined
  /**
   * Bytes per uploaded part. S3 wants at least 5 MiB, and at most 10,000 parts per file.
   * https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
   * @default 16 MiB
   */
  readonly uploadBytes?: number | undefined
}

/**
 * Returns a {@link Sink} that stages files in a bucket. A small file is one PUT, others are multipart uploads. Holds at
 * most four upload parts per file in memory.
 */
export function s3Sink(options: S3SinkOptions): Sink {
  const { s3, bucket, staging, onUpload = () => {}, uploadBytes = UPLOAD_BYTES } = options
  const prefixes = { parts: stagedPartsPrefix(staging), rejected: stagedRejectsPrefix(staging) }
  const spare: Buffer[] = []
  return {
    create: (folder, name) =>
      Promise.resolve(
        outputFile({ s3, bucket, key: `${prefixes[folder]}${name}`, onUpload, uploadBytes, spare }),
      ),
  }
}

interface FileOptions {
  readonly s3: S3
  readonly bucket: string
  readonly key: string
  readonly onUpload: (seconds: number) => void
  readonly uploadBytes: number
  /** Unused buffers of `uploadBytes`. */
  readonly spare: Buffer[]
}

/** Opens a file, which is one PUT if it is small and a multipart upload otherwise. It appears when it is whole. */
function outputFile({ s3, bucket, key, onUpload, uploadBytes, spare }: FileOptions): OutputFile {
  let buffer: Buffer = Buffer.allocUnsafeSlow(64 * 1024)
  let length = 0
  let number = 0
  let upload: Upload | undefined
  const parts: UploadedPart[] = []
  const inFlight = new Set<Promise<void>>()
  let failure: Error | undefined

  return {
    async write(bytes) {
      for (let start = 0; start < bytes.length;) {
        const taken = append(bytes.subarray(start))
        start += taken
        if (length === uploadBytes) await sendPart()
      }
    },
    async close() {
      if (!upload) return timed(() => s3.put(bucket, key, buffer.subarray(0, length)))
      if (length > 0) await sendPart()
      await Promise.all(inFlight)
      spare.push(buffer)
      if (failure) throw failure
      parts.sort((left, right) => left.number - right.number)
      await s3.completeUpload(upload, parts)
    },
    async abort() {
      await Promise.all(inFlight)
      if (upload) await s3.abortUpload(upload)
    },
  }

  function append(bytes: Uint8Array): number {
    if (length + bytes.length > buffer.length && buffer.length < uploadBytes) grow(length + bytes.length)
    const taken = Math.min(bytes.length, buffer.length - length)
    copyBytes(bytes.subarray(0, taken), buffer, length)
    length += taken
    return taken
  }

  function grow(needed: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.min(uploadBytes, Math.max(needed, buffer.length * 4)))
    buffer.copy(grown, 0, 0, length)
    buffer = grown
  }

  async function sendPart(): Promise<void> {
    upload ??= { bucket, key, id: await s3.createUpload(bucket, key) }
    while (inFlight.size >= UPLOADS_AT_ONCE) await Promise.race(inFlight)
    if (failure) throw failure
    const [open, full, body, partNumber] = [upload, buffer, buffer.subarray(0, length), ++number]
    buffer = spare.pop() ?? Buffer.allocUnsafeSlow(uploadBytes)
    length = 0
    const sending: Promise<void> = timed(async () => {
      parts.push(await s3.uploadPart(open, partNumber, body))
    })
      .catch((error: Error) => {
        failure ??= error
      })
      .finally(() => {
        spare.push(full)
        inFlight.delete(sending)
      })
    inFlight.add(sending)
  }

  async function timed(send: () => Promise<void>): Promise<void> {
    const begun = performance.now()
    await send()
    onUpload((performance.now() - begun) / 1000)
  }
}
