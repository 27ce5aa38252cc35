/** A file that is being written. It appears under its name only when it is complete, once `close` has resolved. */
export interface OutputFile {
  /** Writes bytes. If it returns a promise, await it before the next call. Afterwards the bytes may be reused. */
  write(bytes: Uint8Array): Promise<void> | void
  /** Completes the file. */
  close(): Promise<void>
  /** Discards the file and the bytes written so far. */
  abort(): Promise<void>
}

/** Receives the files that a day's work makes, such as an S3 staging folder or a local folder. */
export interface Sink {
  /**
   * Begins a file.
   *
   * @param name last segment of its key, such as `part-00001-6f1c2d3e4a5b-00000.parquet`
   */
  create(folder: 'parts' | 'rejected', name: string): Promise<OutputFile>
}
