import '../../bin/quiet-sdk.ts'
import { Command, Option } from 'commander'
import { countArgument } from '../../bin/options.ts'
import { BUGS } from '../../test/support/model/publishing/bugs.ts'
import { chance, checkBug, checkStory, type StoryResult } from '../../test/support/model/publishing/check.ts'
import { STORIES } from '../../test/support/model/publishing/stories.ts'

interface Flags {
  readonly story: readonly string[]
  readonly bug: readonly string[]
  readonly schedules: number
  readonly json: boolean
}

const stories = Object.values(STORIES)
const names = (named: readonly { readonly name: string }[]) => named.map(({ name }) => name)

const program = new Command('model')
  .description('Runs the code that publishes over every schedule of calls, crashes and passing time.')
  .addOption(
    new Option('--story <name...>', 'what is explored')
      .choices(names(stories))
      .default(names(stories), 'all'),
  )
  .addOption(
    new Option('--bug <name...>', 'what is planted').choices(names(BUGS)).default(names(BUGS), 'all'),
  )
  .option('--schedules <n>', 'how many of a story that has no end, at random', countArgument, 1_000_000)
  .option('--json', 'print one JSON document on stdout', false)
  .parse()

process.exitCode = (await check(program.opts<Flags>())) ? 0 : 1

async function check({ story, bug, schedules, json }: Flags): Promise<boolean> {
  const say = (text: string) => json || console.log(text)
  const results: StoryResult[] = []
  for (const each of stories.filter(({ name }) => story.includes(name))) {
    const result = await checkStory(
      each,
      each.isEndless ? { maxSchedules: schedules, random: chance(1) } : {},
    )
    say(lineOf(result))
    for (const { problem, trace } of result.examples) say(`\n${problem}\n${trace.join('\n')}\n`)
    results.push(result)
  }
  const planted = []
  for (const each of BUGS.filter(({ name }) => bug.includes(name))) {
    const { name, found, examples } = await checkBug(each)
    say(`${found ? 'found' : 'NOT FOUND'}: ${name}`)
    planted.push({ name, found, problem: examples[0]?.problem })
  }
  if (json) console.log(JSON.stringify(documentOf(results, planted)))
  return results.every(({ violations }) => violations === 0) && planted.every(({ found }) => found)
}

function lineOf({ story, states, schedules, closed, violations }: StoryResult): string {
  const end = closed ? 'nothing left out' : 'not all'
  return `${story}: ${states} states, ${schedules} schedules, ${end}, ${violations} violations`
}

function documentOf(results: readonly StoryResult[], planted: readonly object[]) {
  const sum = (count: (result: StoryResult) => number) =>
    results.reduce((total, result) => total + count(result), 0)
  return {
    states: sum(({ states }) => states),
    schedules: sum(({ schedules }) => schedules),
    closed: results.every(({ closed }) => closed),
    violations: sum(({ violations }) => violations),
    planted,
    stories: results.map(({ story, states, schedules, closed, violations, examples }) => {
      return { story, states, schedules, closed, violations, examples }
    }),
  }
}
