import { afterEach, beforeEach, vi } from 'vitest'

/** Lines that functions have logged, parsed. */
export interface CapturedLog {
  lines: Record<string, unknown>[]
}

/** Captures the log of each test of a file, which begins empty. */
export function capturedLog(): CapturedLog {
  const log: CapturedLog = { lines: [] }
  beforeEach(() => {
    log.lines = []
    vi.spyOn(console, 'log').mockImplementation((line: string) => {
      log.lines.push(JSON.parse(line) as Record<string, unknown>)
    })
  })
  afterEach(() => void vi.restoreAllMocks())
  return log
}
