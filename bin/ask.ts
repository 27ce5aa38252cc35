import { createInterface } from 'node:readline'

/** Asks the person at the terminal a yes-or-no question. Returns true for yes; undefined if nobody can be asked. */
export type Ask = (question: string) => Promise<boolean | undefined>

/**
 * Asks the question on stderr; undefined if stdin or stderr is no terminal. Any answer but y or yes counts as no, and
 * so do Ctrl-C and the end of the input.
 */
export const askOnTerminal: Ask = (question) => {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return Promise.resolve(undefined)
  return new Promise((resolve) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr })
    const answer = (yes: boolean) => {
      resolve(yes)
      lines.close()
    }
    lines.once('SIGINT', () => answer(false))
    lines.once('close', () => resolve(false))
    lines.question(`${question} [y/N] `, (text) => answer(/^y(es)?$/i.test(text.trim())))
  })
}
