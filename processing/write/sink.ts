/** A file that is being written. It is there under its name when `close` has resolved, and never in part. */
export interface OutputFile {
  /** Takes bytes; they may change when it has returned or resolved, which it does when the file takes more. */
  write(bytes: Uint8Array): Promise<void> | void
  close(): Promise<void>
  /** Gives up what was written. */
  abort(): Promise<void>
}

/** Where finished files go. */
export interface Sink {
  /** Begins a file. `name` ends its key: `part-00001-6f1c2d3e4a5b-00000.parquet`. */
  create(folder: 'parts' | 'rejected', name: string): Promise<OutputFile>
}
