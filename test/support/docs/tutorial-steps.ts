/** A step of a page that is followed from its beginning to its end. */
export type Step =
  | { readonly does: 'write'; readonly file: string; readonly text: string }
  | { readonly does: 'change'; readonly file: string; readonly before: string; readonly after: string }
  | { readonly does: 'run'; readonly command: string; readonly output: string; readonly code: number }

const BLOCK = /(?:<!-- (.*) -->\n\n)?^```(\w+)\n([^]*?)^```$/gm
const CODE = /^exits with (\d+)$/

/**
 * Returns the steps of a page, in their order. A block whose first line is a comment with the name of a file is the
 * content of that file; a `diff` changes a file; a `console` has commands, each after `$`, and their output. `<!-- not
 * run -->` before a block leaves it out, `<!-- exits with 1 -->` gives the exit code of its commands.
 *
 * @throws Error for a block of another kind, or one that would be overlooked
 */
export function stepsOf(page: string): Step[] {
  const blocks = [...page.matchAll(BLOCK)]
  const fences = page.match(/^\s*```/gm) ?? []
  if (fences.length !== 2 * blocks.length)
    throw new Error(`Expected blocks of a language each, found ${blocks.length} in ${fences.length} fences.`)
  return blocks.flatMap(([, note = '', kind, text]): Step[] => {
    if (note === 'not run') return []
    if (kind === 'console') return commands(text!, Number(CODE.exec(note)?.[1] ?? 0))
    if (kind === 'diff') return [change(text!)]
    const file = /^(?:\/\/|--) (\S+)\n/.exec(text!)?.[1]
    if (file === undefined)
      throw new Error(`Expected the name of a file in the first line of a block, found: ${text}`)
    return [{ does: 'write', file, text: text! }]
  })
}

function commands(text: string, code: number): Step[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n')
      return { does: 'run', command: part.slice(0, end), output: part.slice(end + 1), code }
    })
}

function change(text: string): Step {
  const [first, ...lines] = text.trimEnd().split('\n')
  const without = (sign: string) =>
    lines
      .filter((line) => !line.startsWith(sign))
      .map((line) => `${line.slice(1)}\n`)
      .join('')
  return { does: 'change', file: first!.replace('--- ', ''), before: without('+'), after: without('-') }
}
