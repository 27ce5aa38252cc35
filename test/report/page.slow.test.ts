import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { DAY_STATUSES } from '../../core/day-status.ts'
import type { DayStatus } from '../../core/messages.ts'
import { clipped, markup } from '../../report/page/html.ts'
import { density, lines } from '../../report/page/plots.ts'
import { renderPage } from '../../report/page/render-page.ts'
import { MAX_COLUMNS, gatherColumns } from '../../report/read/gather-columns.ts'
import { dayAfter, profile, publishedDay, reject, reportDay, reportOf } from './sample-report.ts'

const HOSTILE = `</script><script>alert(1)</script><img src=x onerror=alert(1)>"'&\u202e\u0000\u2028\ud800 javascript:`

describe('markup', () => {
  test('text is escaped for elements and attributes, markup is not escaped twice', () => {
    expect(markup`<a title="${'"><b>'}">${markup`<i>${"a'&"}</i>`}${[1, '<']}</a>`.safe).toBe(
      '<a title="&quot;&gt;&lt;b&gt;"><i>a&#39;&amp;</i>1&lt;</a>',
    )
  })

  test('what turns the direction of writing, and what is no character, is shown as an escape', () => {
    expect(markup`${'a\u202eb\u0007\u2066\ud800c\ud83d\ude00'}`.safe).toBe(
      'a\\u202eb\\u0007\\u2066\\ud800c\u{1f600}',
    )
  })

  test('a piece of a text has so many bytes once escaped, and breaks off no escape and no character', () => {
    expect(clipped('<<<', 8).safe).toBe('&lt;&lt;…')
    expect(clipped('\u{1f600}\u{1f600}', 7).safe).toBe('\u{1f600}…')
    expect(clipped('whole', 5).safe).toBe('whole')
  })
})

test('a value that nearly all have towers above what is spread thinly', () => {
  const shares = Array.from({ length: 20 }, (_, index) => (index + 1) / 20)
  const heights = (values: readonly number[]) => {
    const drawn = density('', [[0, 0], ...shares.map((at, index) => [at, values[index]!] as const)])
    return [...drawn.safe.matchAll(/ height="([\d.]+)"/g)].map(([, height]) => Number(height))
  }
  expect(heights([...Array<number>(19).fill(0), 2])).toEqual([26, 0.6])
  expect(heights(shares.map((at) => at * 100)).every((height) => height > 18)).toBe(true)
})

test('numbers whose distance exceeds a double are not drawn', () => {
  expect(
    density('', [
      [0, -1.7e308],
      [1, 1.7e308],
    ]).safe,
  ).toBe('')
  expect(lines('', [[-1.7e308, 1.7e308]]).safe).toBe('')
})

describe('the page', () => {
  test('the same data gives the same bytes', () => {
    const report = () => reportOf([reportDay(publishedDay(), { examples: [reject()] })])
    expect(renderPage(report())).toBe(renderPage(report()))
  })

  test('nothing hostile in it comes through, wherever it stands', () => {
    const outcome = publishedDay({
      dataset: HOSTILE,
      why: HOSTILE,
      rejectedFor: [
        { reason: 'invalid-json', records: 1, first: { source: HOSTILE, line: 1, message: HOSTILE } },
      ],
    })
    const failed = publishedDay({ status: 'failed', error: HOSTILE, cause: HOSTILE })
    const gathered = gatherColumns(HOSTILE, 10)
    const { columns } = profile(1, { top: [{ value: HOSTILE, count: 5 }] })
    const hostile = {
      version: 1,
      rows: 1000,
      columns: {
        [HOSTILE]: {
          ...columns['language']!,
          type: HOSTILE,
          min: HOSTILE,
          max: HOSTILE,
          top: [{ value: HOSTILE, count: 5 }],
        },
      },
    }
    gathered.add({ date: '2024-05-06', profile: hostile })
    const day = reportDay(outcome, {
      present: { state: 'unreadable', problem: HOSTILE },
      examples: [
        reject({ source: HOSTILE, message: HOSTILE, raw: HOSTILE }),
        reject({ raw: undefined as never, rawBase64: HOSTILE }),
      ],
      checks: [{ check: HOSTILE, otherwise: 'fail', state: 'failed', expected: HOSTILE, found: HOSTILE }],
      drifts: [{ column: HOSTILE, of: 'mean', found: HOSTILE }],
    })
    const report = reportOf([day, reportDay(failed)], {
      ...gathered.told(),
      findings: [{ dataset: HOSTILE, date: HOSTILE, kind: HOSTILE, key: HOSTILE, finding: HOSTILE }],
      cost: {
        dollars: 1,
        lines: [{ item: HOSTILE, quantity: HOSTILE, dollars: undefined }],
        prices: { date: HOSTILE, region: HOSTILE },
      },
    })
    const named = { ...report.summary, execution: { name: HOSTILE, arn: HOSTILE }, mode: HOSTILE as never }
    const page = renderPage({
      ...report,
      summary: { ...named, verification: { verified: 1, moved: 1, mismatched: 1, cause: HOSTILE } },
    })
    expect(page).not.toMatch(/<script|<img|<b>|[\u202e\u2028\ud800]/)
    expect(page).not.toContain('\0')
    expect(page.match(/&lt;\/script&gt;/g)!.length).toBeGreaterThan(20)
    expect(tags(page)).toEqual([])
  })

  test('nothing is fetched, and nothing runs: the style alone is allowed, by its digest', () => {
    const page = renderPage(reportOf([reportDay(publishedDay())]))
    const style = /<style>([^]*?)<\/style>/.exec(page)![1]!
    const digest = createHash('sha256').update(style).digest('base64')
    expect(page).toContain(
      `content="default-src &#39;none&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;; style-src &#39;sha256-${digest}&#39;"`,
    )
    expect(page).not.toMatch(/ (src|style|on[a-z]+)=|url\(|@import|<(script|link|iframe|object|form)/)
    expect([...page.matchAll(/href="(.)/g)].every(([, first]) => first === '#')).toBe(true)
  })

  test('every state has a letter, a word and a number, and each cell leads to its row', () => {
    const statuses = Object.keys(DAY_STATUSES) as DayStatus[]
    const days = statuses.map((status, index) => reportDay(publishedDay({ status, date: dayAfter(index) })))
    const page = renderPage(reportOf(days))
    for (const [index, status] of statuses.entries()) {
      expect(page).toContain(`>1 ${status}</span>`)
      expect(page).toMatch(
        new RegExp(
          `<td class="\\w+"><a href="#day-${index + 1}" aria-label="${dayAfter(index)}: [^"]+">.</a>`,
        ),
      )
      expect(page).toContain(`<tr id="day-${index + 1}"><th scope="row">jobs ${dayAfter(index)}</th>`)
    }
  })

  test('tables have captions and headings, frames and pictures names', () => {
    const gathered = gatherColumns('jobs', 10)
    for (const mean of [10, 11]) gathered.add({ date: dayAfter(mean - 10), profile: profile(mean) })
    const page = renderPage(reportOf([reportDay(publishedDay(), { examples: [reject()] })], gathered.told()))
    const count = (pattern: RegExp) => page.match(pattern)?.length ?? 0
    expect(count(/<table[^>]*><caption>[^<]+<\/caption>/g)).toBe(count(/<table/g))
    expect(count(/<th(?: |>)/g)).toBe(count(/<th scope="(?:row|col)"/g))
    expect(count(/<div class="frame" role="region" aria-label="[^"]+" tabindex="0">/g)).toBe(
      count(/class="frame"/g),
    )
    expect(count(/<svg class="plot" [^>]*role="img" aria-label="[^"]+">/g)).toBe(count(/<svg/g))
    expect(count(/<svg/g)).toBeGreaterThan(6)
    expect(page).toContain('<html lang="en">')
    expect(tags(page)).toEqual([])
  })

  test('what has become of days since, checks, drifts and findings are told', () => {
    const days = [
      reportDay(publishedDay(), { present: { state: 'gone' } }),
      reportDay(publishedDay({ date: '2024-05-07' }), {
        present: { state: 'other', generation: 4, rows: 12 },
        checks: [
          {
            check: 'notNull title',
            otherwise: 'warn',
            state: 'failed',
            expected: 'no null',
            found: '3 nulls',
          },
          { check: 'rows', otherwise: 'fail', state: 'passed', expected: 'rows', found: 'rows' },
        ],
        drifts: [{ column: 'salary', of: 'mean', found: 'a mean of 12 after 10' }],
      }),
    ]
    const finding = {
      dataset: 'jobs',
      date: '2024-05-06',
      kind: 'missing',
      key: 'k',
      finding: 'expected 5 bytes',
    }
    const gathered = gatherColumns('jobs', 10)
    gathered.add({ date: '2024-05-07', profile: profile() })
    const report = reportOf(days, { findings: [finding], ...gathered.told() })
    const duplicates = { count: 1, told: ['jobs 2024-05-06: 2 rows'] }
    const verification = { verified: 1, moved: 0, mismatched: 0, cause: '', duplicates }
    const page = renderPage({ ...report, summary: { ...report.summary, verification } })
    expect(page).toContain('<li>jobs 2024-05-06: 2 rows</li>')
    expect(page).toContain('>gone</span> nothing is published')
    expect(page).toContain('P!</a>')
    expect(page).toContain('generation 4, 12 rows')
    expect(page).toContain('1 of 2 checks have passed.')
    expect(page).toContain(
      '<td>notNull title</td><td><span class="key watch">failed</span></td><td>no null</td><td>3 nulls</td>',
    )
    expect(page).toContain('a mean of 12 after 10')
    expect(page).toContain('expected 5 bytes')
  })

  test('rows, dropped and rejected records of a day add up to its records', () => {
    const { totals } = publishedDay()
    const day = publishedDay({ totals: { ...totals!, records: 1025, rows: 973, dropped: 47, rejected: 5 } })
    const page = renderPage(reportOf([reportDay(day)]))
    expect(page).toContain('<dd>1, 973 rows, 47 dropped and 5 rejected records</dd>')
    expect(page).toContain(
      '<td class="n">973</td><td class="n">47</td><td class="n">5 (0.5%)</td><td class="n">4</td>',
    )
  })

  test('the worst checks come first, and what is left out of a list is counted', () => {
    const check = { check: 'drift', otherwise: 'warn', state: 'unknown', expected: 'a', found: 'b' } as const
    const unknown = reportDay(publishedDay(), { checks: Array.from({ length: 200 }, () => check) })
    const failed = reportDay(publishedDay({ date: '2024-05-07' }), {
      checks: [
        { ...check, check: 'rows', state: 'failed' },
        { ...check, check: 'notNull id', otherwise: 'fail', state: 'failed' },
      ],
    })
    const report = reportOf([unknown, failed])
    const duplicates = { count: 3, told: ['jobs 2024-05-06: 2 rows'] }
    const verification = { verified: 1, moved: 0, mismatched: 0, cause: '', duplicates }
    const page = renderPage({ ...report, summary: { ...report.summary, verification } })
    expect(page).toMatch(/<td>notNull id<[^]+<td>rows<[^]+<td>drift</)
    expect(page).toContain('<p>2 more are left out.</p>')
    expect(page).toContain('<li>and 2 more</li>')
  })

  test('without values of records it says how to come to them', () => {
    const gathered = gatherColumns('jobs', 10)
    gathered.add({ date: '2024-05-06', profile: profile() })
    const day = reportDay(publishedDay(), {
      examples: [reject({ raw: 'SECRET', message: 'SECRET' })],
      drifts: [{ column: 'language', of: 'top value', found: 'a text in 9%', text: 'SECRET' }],
    })
    const page = renderPage(reportOf([day], { showsValues: false, ...gathered.told() }))
    expect(page).not.toContain('SECRET')
    expect(page).not.toMatch(/<td>(de|fr)\b/)
    expect(page).toContain('<code>dayfold report run-1</code>')
    expect(page).toContain('FROM jobs_rejected WHERE day_partition = &#39;2024-05-06&#39;')
    expect(renderPage(reportOf([day], { showsValues: true, ...gathered.told() }))).toContain('SECRET')
  })

  test('1,100 dataset-days with all that can be told of them take less than 2 MB', () => {
    const long = '<"&\u202e'.repeat(500)
    const gathered = gatherColumns('jobs', MAX_COLUMNS)
    const { columns } = profile(1, { top: Array.from({ length: 10 }, () => ({ value: long, count: 3 })) })
    const wide = {
      version: 1,
      rows: 1000,
      columns: Object.fromEntries(
        Array.from({ length: 300 }, (_, index) => [`column_${index}`, columns['salary']!]),
      ),
    }
    const days = Array.from({ length: 1100 }, (_, index) => {
      gathered.add({ date: dayAfter(index), profile: wide })
      const outcome = publishedDay({
        date: dayAfter(index),
        why: long,
        status: index % 2 ? 'failed' : 'published',
        cause: long,
        rejectedFor: [
          { reason: 'extract-error', records: 3, first: { source: long, line: 1, message: long } },
        ],
      })
      return reportDay(outcome, {
        examples: Array.from({ length: 5 }, () => reject({ source: long, message: long, raw: long })),
        checks: [{ check: 'rows', otherwise: 'warn', state: 'failed', expected: long, found: long }],
        drifts: [{ column: 'salary', of: 'mean', found: long }],
      })
    })
    const page = renderPage(reportOf(days, gathered.told()))
    expect(Buffer.byteLength(page)).toBeLessThan(2e6)
    expect(page).toContain('120 more columns are left out')
  })
})

/** Returns the tags of a page that are not closed in the order in which they were opened. */
function tags(page: string): string[] {
  const open: string[] = []
  const content = page.replace(/<style>[^]*?<\/style>|<!doctype html>/g, '')
  for (const [, end, name, self] of content.matchAll(
    /<(\/?)([a-z][a-z0-9]*)(?:\s(?:"[^"]*"|[^">])*?)?(\/?)>/g,
  )) {
    if (self || name === 'meta') continue
    if (!end) open.push(name!)
    else if (open.pop() !== name) return [...open, `/${name}`]
  }
  return open
}
