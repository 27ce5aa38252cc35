/** A file that is being written. It appears under its name when `close` has resolved, and never in part. */
export interface OutputFile {
  /** Writes bytes. Returns, or resolves, when it takes more; the bytes may change after that. */
  write(bytes: Uint8Array): Promise<void> | void
  close(): Promise<void>
  /** Discards the bytes written so far. */
  abort(): Promise<void>
}

/** Creates the files of a day. */
export interface Sink {
  /** Begins a file. `name` is the end of its key: `part-00001-6f1c2d3e4a5b-00000.parquet`. */
  create(folder: 'parts' | 'rejected', name: string): Promise<OutputFile>
}
