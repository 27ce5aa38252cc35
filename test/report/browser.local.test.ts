import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { renderPage } from '../../report/page/render-page.ts'
import { gatherColumns } from '../../report/read/gather-columns.ts'
import { findChromium, openPage } from '../support/browser.ts'
import { dayAfter, profile, publishedDay, reject, reportDay, reportOf } from './sample-report.ts'

const browser = findChromium()
const HOSTILE = '</script><script>document.title = "run"</script><img src="https://example.com/x.png">'

/** Makes a page of a thousand dataset-days with hostile rejects. */
function page(): string {
  const gathered = gatherColumns('jobs', 10)
  for (const day of [0, 1, 2]) gathered.add({ date: dayAfter(day), profile: profile(10 + day) })
  const days = Array.from({ length: 1000 }, (_, index) =>
    reportDay(publishedDay({ date: dayAfter(index) }), {
      examples: [reject({ raw: HOSTILE, message: HOSTILE })],
    }),
  )
  return renderPage(reportOf(days, gathered.told()))
}

test('a browser shows the page light and dark, and finds nothing wrong with it', async (context) => {
  if (browser === undefined) return context.skip('no Chromium: install one, or name it in CHROMIUM')
  const folder = mkdtempSync(join(tmpdir(), 'dayfold-page-'))
  context.onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const file = join(folder, 'page.html')
  writeFileSync(file, page())
  const { send, evaluate, next, problems, close } = await openPage(browser, join(folder, 'profile'))
  context.onTestFinished(close)
  const loaded = next('Page.loadEventFired')
  await send('Page.navigate', { url: `file://${file}` })
  await loaded
  const ground = async (value: string) => {
    await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] })
    return await evaluate('getComputedStyle(document.body).backgroundColor')
  }
  expect([await ground('light'), await ground('dark')]).toEqual(['rgb(255, 255, 255)', 'rgb(21, 25, 30)'])
  expect(await evaluate('document.title')).toBe('Dayfold: run-1')
  expect(await evaluate('document.querySelectorAll("#days tbody tr").length')).toBe(1000)
  expect(await evaluate('document.querySelectorAll("script, img, link, iframe").length')).toBe(0)
  expect(await evaluate('document.querySelectorAll("svg rect, svg path").length')).toBeGreaterThan(20)
  // The policy refuses to fetch or run anything, but allows the page's own style.
  expect(await evaluate('getComputedStyle(document.querySelector(".plot path")).fill')).toBe('none')
  // A4 with the margins of a browser.
  await send('Emulation.setEmulatedMedia', { media: 'print' })
  await send('Emulation.setDeviceMetricsOverride', {
    width: 718,
    height: 1046,
    deviceScaleFactor: 1,
    mobile: false,
  })
  expect(
    await evaluate(
      '[...document.querySelectorAll(".frame")].filter((it) => it.scrollWidth > it.clientWidth).map((it) => it.ariaLabel)',
    ),
  ).toEqual([])
  expect(problems).toEqual([])
})
