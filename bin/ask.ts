import { createInterface } from 'node:readline'

/** Puts a question to the person at the terminal; undefined where there is nobody to be asked. */
export type Ask = (question: string) => Promise<boolean | undefined>

/** Asks on stderr, and takes anything but y or yes, Ctrl-C and the end of the input among it, for a no. */
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
