import { execFileSync, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

/** Returns the path of a Chromium on this machine, `CHROMIUM` before others, or undefined. */
export function findChromium(): string | undefined {
  const names = [process.env['CHROMIUM'], 'chromium', 'chromium-browser', 'google-chrome']
  return names.find((name): name is string => {
    try {
      execFileSync(name!, ['--version'], { stdio: 'ignore', timeout: 20_000 })
      return true
    } catch {
      return false
    }
  })
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** A page in a browser without a screen. */
export interface BrowserPage {
  /** Calls a method of the DevTools protocol. https://chromedevtools.github.io/devtools-protocol/ */
  readonly send: <T>(method: string, params?: object) => Promise<T>
  /** Evaluates an expression in the page. */
  readonly evaluate: <T>(expression: string) => Promise<T>
  /** Resolves when the page's next event of that name comes. */
  readonly next: (event: string) => Promise<unknown>
  /** Exceptions, lines of the console, and violations of the page's policy so far. */
  readonly problems: readonly string[]
  readonly close: () => Promise<void>
}

const PROBLEMS = ['Runtime.exceptionThrown', 'Runtime.consoleAPICalled', 'Log.entryAdded']

/**
 * Opens an empty page in a browser of its own, through a pipe whose messages end with a NUL.
 *
 * @param profile an empty folder
 */
export async function openPage(file: string, profile: string): Promise<BrowserPage> {
  const flags = ['--headless', '--no-sandbox', '--disable-gpu']
  const child = spawn(file, [...flags, '--remote-debugging-pipe', `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const problems: string[] = []
  const answers = new Map<number, (message: Message) => void>()
  const waiting = new Map<string, (params: unknown) => void>()
  const hear = (message: Message) => {
    if (message.id !== undefined) return answers.get(message.id)?.(message)
    if (PROBLEMS.includes(message.method!)) problems.push(JSON.stringify(message.params))
    waiting.get(message.method!)?.(message.params)
  }
  listen(child.stdio[4] as Readable, hear)
  const ask = asking(child.stdio[3] as Writable, answers)
  const { targetId } = await ask<{ targetId: string }>('Target.createTarget', { url: 'about:blank' })
  const { sessionId } = await ask<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true })
  const send = <T>(method: string, params: object = {}) => ask<T>(method, params, sessionId)
  for (const domain of ['Page', 'Runtime', 'Log']) await send(`${domain}.enable`)
  return {
    send,
    evaluate: async <T>(expression: string) => {
      const params = { expression, returnByValue: true }
      return (await send<{ result: { value: T } }>('Runtime.evaluate', params)).result.value
    },
    next: (event) => new Promise((resolve) => waiting.set(event, resolve)),
    problems,
    close: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function listen(stream: Readable, hear: (message: Message) => void): void {
  let rest = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    const whole = (rest + text).split('\0')
    rest = whole.pop()!
    for (const message of whole) hear(JSON.parse(message) as Message)
  })
}

function asking(stream: Writable, answers: Map<number, (message: Message) => void>) {
  let last = 0
  return <T>(method: string, params: object, sessionId?: string): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = ++last
      answers.set(id, ({ result, error }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result as T),
      )
      stream.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`)
    })
}
