import type { WriteStream } from 'node:tty'
import { createLogUpdate } from 'log-update'
import type { LoadStep } from '../../client/load.ts'
import { bytes } from '../../core/format.ts'

/** Shows how a load goes on. */
export interface StepsView {
  readonly show: (step: LoadStep) => void
  /** Takes away what does not stay. */
  readonly close: () => void
}

/** A line that is drawn over on a terminal; elsewhere one for each step, the parts of a download left out. */
export function stepsView(stream: WriteStream): StepsView {
  if (stream.isTTY) {
    const log = createLogUpdate(stream)
    return { show: (step) => log(stepLine(step)), close: () => log.clear() }
  }
  let last: LoadStep['step'] | undefined
  const show = (step: LoadStep) => {
    if (step.step !== last) stream.write(`${stepLine(step)}\n`)
    last = step.step
  }
  return { show, close: () => undefined }
}

/** A step in words. */
export function stepLine(step: LoadStep): string {
  if (step.step === 'check') return 'Checking the days.'
  if (step.step === 'query') return `Athena runs the query: ${bytes(step.scannedBytes)} read.`
  if (step.step === 'download') return `Downloading: ${step.parts} of ${step.of} parts.`
  return 'Writing the file.'
}
