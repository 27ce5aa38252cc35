import { cases } from '../../support/cases.ts'
import fc from 'fast-check'
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
  ['a<p class="x>y">b</P>c</p>d', 'a b c d'],
  ['<ul><li>a<li>b</li>c</li>d</ul>e', 'a b cd e'],
  ['a</div>b<img>c</img>d</br>e', 'ab cd e'],
  ['<div>a<noscript>b</div>c</noscript>d', 'a cd'],
  ['<p>a<div>b</p>c</div>d', 'a b c d'],
  ['<form>a<form>b</form>c</form>d', 'ab cd'],
  ['<svg><style/>a<title>b</title><![CDATA[c]]></svg>d<style/>e', 'a b c d'],
  ['<![CDATA[a]]>b<svg><foreignObject><hr/>c</foreignobject></svg>', 'b c'],
  ['<A HREF="a>b" title=\'c"d\' hidden>e</a><br />f<x-y>g', 'e f g'],
  ['a<p class=b>c</p>d<p b=c"d>e">f', 'a c d e">f'],
  ['a<p class="b', 'a'],
  ['AT&T &amp;lt; &copy2024 &#x41 &nosuch; &', 'AT&T &lt; ©2024 A &nosuch; &'],
  ['<textarea><b>&lt;</textarea><svg/>c<!doctype x>d<?e?>f<>g</>h', '<b>< cdf<>gh'],
  [' <p> a&nbsp; &#8195;\u3000b </p> ', 'a b'],
  ['a<i> </i>b<b>&#9;&#10;c</b>', 'a b c'],
  ['a <script> b </script> <!-- --> c', 'a c'],
  ['a<script>b</scripty>c</script>d', 'a d'],
  ['a<script>b</script >c<STYLE>d</style>e', 'a c e'],
  ['a<script>"<p>" < </scr </p> </script>b<style>p</script></style>c', 'a b c'],
  ['a<script src="x"/>b</script>c', 'a c'],
  ['a<script>b<p>c', 'a'],
  ['q<b>r</style x', 'qr'],
  ['q<!-- -->r</p', 'qr'],
  ['q<b>r</p ', 'qr'],
  ['a</script>b<style>', 'ab'],
  ['<svg><script>a</script></svg>b', 'b'],
  ['<noscript><script>a</script>b</noscript>c', 'c'],
  ['&amp;&amp;lt;&nosuch;&amp;', '&&lt;&nosuch;&'],
  [`x${'<i>'.repeat(9)}y${'</b>'.repeat(9)}z`, 'xyz'],
])('%j reads as %j', (html, text) => {
  expect(htmlText(html)).toBe(text)
})

const NAMES = ['p', 'B', 'li', 'br', 'script', 'style', 'title', 'svg', 'noscript', 'form', 'td', 'x-y']
const TAGS = NAMES.flatMap((name) => [
  `<${name}>`,
  `</${name}>`,
  `<${name}/>`,
  `<${name} a="x>y" b>`,
  `<${name} a=b"c>`,
  `</${name} >`,
  `<${name} `,
  `</${name} `,
  `</${name}/`,
])
const TEXTS = [
  'a',
  ' b ',
  '\n',
  '\u3000',
  '&amp;',
  '&lt',
  '&#x41',
  '&notit;',
  '&',
  ';',
  '<',
  '>',
  '<!--',
  '-->',
  '"',
  '👍',
]

test('a text beyond a million characters, in which its memory ends, reads the same', () => {
  const html = `<p>a</p>${'<i>b c</i> <!-- d --><br> '.repeat(40_000)}&amp;`
  expect(htmlText(html)).toBe(`a ${'b c '.repeat(40_000)}&`)
  const long = 'x'.repeat(1_200_000)
  expect(htmlText(`<p>a <b>${long}</b> b</p>`) === `a ${long} b`).toBe(true)
  expect(countWords(`${long} b c`)).toBe(3)
  expect(htmlText('<p>a</p> b')).toBe('a b')
})

test('a tokenizer, which a comment calls in, reads the same', () => {
  const html = fc
    .array(fc.constantFrom(...TAGS, ...TEXTS, ...TEXTS), { maxLength: 30 })
    .map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(html, (found) => {
      expect(htmlText(found)).toBe(htmlText(`<!-- -->${found}`))
    }),
    { numRuns: cases(1000, 3000) },
  )
})

test('white space is what regular expressions take for it', () => {
  const units = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit))
  const wrong = units.filter((unit) => {
    const text = `a${unit}b${unit}${unit}c${unit}`
    return !'<&'.includes(unit) && htmlText(text) !== text.replace(/\s+/g, ' ').trim()
  })
  expect(wrong).toEqual([])
})

test.each(['', 'a', '👍', 'a👍b', '👩‍⚕️', 'é', '\ud83d', '\udc4d\ud83d', 'x\ud83d'])(
  'code points of %j are counted as Unicode does',
  (text) => {
    expect(countCodePoints(text)).toBe([...text].length)
  },
)

test('words of any length and script are counted', () => {
  const words = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), {
    minLength: 1,
    maxLength: 60,
  })
  fc.assert(
    fc.property(words, (given) => {
      const found = given.map((word) => word.replaceAll(' ', '_'))
      expect(countWords(found.join(' '))).toBe(found.length)
    }),
  )
})

test('words are what single spaces separate', () => {
  expect(['', 'one', 'one two', 'a b c'].map(countWords)).toEqual([0, 1, 2, 3])
  for (const word of ['a', 'é', '働く', '👍']) {
    const words = Array<string>(20_000).fill(word)
    expect(countWords(words.join(' '))).toBe(20_000)
  }
})

const PIECES = [
  'a',
  'bc',
  'word',
  'sixteen-letters-',
  ' ',
  '  ',
  '\t',
  '\n',
  '\u00a0',
  '\u1680',
  '\u2003',
  '\u3000',
  '\ufeff',
]
const OTHERS = [
  'é',
  'ß',
  '漢',
  '🙂',
  '\u167f',
  '\u009f',
  '\u0000',
  '>',
  '/',
  '&amp;',
  '<b>',
  '</b>',
  '<i class="x">',
]

test('white space is collapsed as a regular expression does it, wherever it stands', () => {
  const text = fc.array(fc.constantFrom(...PIECES, ...PIECES, ...OTHERS), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(text, (pieces) => {
      const plain = pieces.map((piece) => (piece.startsWith('<') ? '' : piece.replace('&amp;', '&'))).join('')
      expect(htmlText(pieces.join(''))).toBe(plain.replace(/\s+/g, ' ').trim())
    }),
    { numRuns: cases(3000, 100_000) },
  )
})
