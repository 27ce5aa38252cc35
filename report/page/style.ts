/**
 * CSS of the page: light or dark as the reader prefers, black on white on paper. Uses the fonts of the reader's system.
 */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --text: #1b1f24; --soft: #57606a; --rule: #d0d7de; --link: #0b5cad;
  --good: #dafbe1; --on-good: #0b5a26; --calm: #eef1f4; --on-calm: #3d464f; --watch: #fff1c2; --on-watch: #6b4a00;
  --bad: #ffdcd7; --on-bad: #8f1216 }
@media (prefers-color-scheme: dark) {
  :root { --ground: #15191e; --text: #e6e9ec; --soft: #a5aeb8; --rule: #3a424b; --link: #6cb6ff;
    --good: #12361f; --on-good: #7ee2a0; --calm: #262c33; --on-calm: #c3cad1; --watch: #40320a; --on-watch: #f2cf66;
    --bad: #4a1719; --on-bad: #ffb3ad }
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 110rem; padding: 0 1.5rem 3rem; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 1.5rem; margin: 1.5rem 0 .25rem; overflow-wrap: anywhere }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; padding-top: .5rem; border-top: 1px solid var(--rule) }
h3 { font-size: 1rem; margin: 1.5rem 0 .25rem }
p { margin: .5rem 0; max-width: 60rem }
a { color: var(--link) }
:focus-visible { outline: 3px solid var(--link); outline-offset: 1px }
.skip { position: absolute; left: -100rem }
.skip:focus { left: 1rem; top: .5rem; padding: .5rem; background: var(--ground) }
nav ul, .legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; margin: .5rem 0; list-style: none }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .75rem 0 }
dt { color: var(--soft) }
dd { margin: 0; overflow-wrap: anywhere }
.frame { overflow: auto; margin: .75rem 0 }
#days .frame { max-height: 85vh }
table { border-collapse: collapse; font-size: .87rem }
caption { text-align: left; font-weight: 600; padding: .25rem 0 }
th, td { text-align: left; vertical-align: top; padding: .2rem .6rem; border-bottom: 1px solid var(--rule) }
th { font-weight: 600 }
thead th { position: sticky; top: 0; background: var(--ground); white-space: nowrap; z-index: 1 }
tbody th { white-space: nowrap; font-weight: 500 }
td { min-width: 7rem; max-width: 34rem; overflow-wrap: anywhere }
.n { min-width: 0; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
tr:target > * { background: var(--watch) }
code { font-family: ui-monospace, monospace; font-size: .92em; overflow-wrap: anywhere }
.raw { white-space: pre-wrap }
.key { display: inline-block; padding: 0 .4rem; border-radius: .25rem; font-weight: 600; white-space: nowrap }
.good { background: var(--good); color: var(--on-good) }
.calm { background: var(--calm); color: var(--on-calm) }
.watch { background: var(--watch); color: var(--on-watch) }
.bad { background: var(--bad); color: var(--on-bad) }
.grid th, .grid td { padding: 0; text-align: center; border: 1px solid var(--ground) }
.grid th { padding: 0 .25rem; border-color: transparent }
.grid tbody th { text-align: left; padding-right: .75rem }
.grid td { min-width: 1.6rem }
.grid a { display: block; color: inherit; text-decoration: none; font-weight: 600 }
details { margin: .4rem 0 }
summary { cursor: pointer; font-weight: 500 }
.plot { display: block; width: 8.5rem; height: 1.9rem; overflow: visible }
.plot path { fill: none; stroke: var(--link); stroke-linejoin: round; stroke-linecap: round }
.plot .strong { stroke-width: 1.6 }
.plot .faint { stroke-width: 1; opacity: .45 }
.plot rect { fill: var(--link) }
@media print {
  :root { color-scheme: light; --ground: #fff; --text: #000; --soft: #333; --rule: #bbb; --link: #123a66;
    --good: #fff; --on-good: #000; --calm: #fff; --on-calm: #000; --watch: #fff; --on-watch: #000; --bad: #ddd; --on-bad: #000 }
  :root { font-size: 9px }
  body { max-width: none; padding: 0; font-size: 1rem }
  th, td { padding: .15rem .4rem }
  td { min-width: 0 }
  td > code:not(.raw) { overflow-wrap: normal }
  .frame, #days .frame { overflow: visible; max-height: none }
  thead th { position: static }
  nav, .skip { display: none }
  tr, svg { break-inside: avoid }
  .key, .grid td { border: 1px solid #777 }
  details:not([open])::details-content { content-visibility: visible; block-size: auto }
}
`
