import { expect, test } from 'vitest'
import { countCodePoints, countWords, htmlText } from '../../../processing/fields/html.ts'

test.each([
  ['plain text stays', 'plain text stays'],
  ['  white \n\t space  ', 'white space'],
  ['one<br>two<p>three</p>four', 'one two three four'],
  ['in<b>line</b> and <i>a</i><u>b</u>', 'inline and ab'],
  ['a &lt; b &amp;&amp; c &#8470; &nbsp; d', 'a < b && c № d'],
  ['x<style>p { color: red }</style><script>alert("<p>")</script>y', 'x y'],
  ['unclosed <b>tags <li>and a < sign', 'unclosed tags and a < sign'],
  ['<!-- a comment -->seen', 'seen'],
])('%j reads as %j', (html, text) => {
  expect(htmlText(html)).toBe(text)
})

test.each(['', 'a', '👍', 'a👍b', '👩‍⚕️', 'é', '\ud83d', '\udc4d\ud83d', 'x\ud83d'])(
  'code points of %j are counted as Unicode does',
  (text) => {
    expect(countCodePoints(text)).toBe([...text].length)
  },
)

test('words are what single spaces separate', () => {
  expect(['', 'one', 'one two', 'a b c'].map(countWords)).toEqual([0, 1, 2, 3])
})
