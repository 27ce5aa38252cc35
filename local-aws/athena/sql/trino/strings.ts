import { literal } from '../engine.ts'
import {
  built,
  isList,
  isText,
  named,
  notHere,
  refused,
  same,
  sql,
  typed,
  wrongTypes,
  type Rules,
} from './rules.ts'
import { constantInteger, constantText } from './tree.ts'

const SPACE = String.raw`[\s\p{Z}\x0b]`
const blank = (where: string) => `regexp_replace($1, '${where}', '', 'g')`

/** Translates a replacement: in Trino, a backslash keeps the next character and `$1` is a group; in RE2, `\1` is. */
function replacement(written: string): string {
  return written.replace(/\\([^])|\$(\d)|\\/g, (_, kept: string | undefined, group: string | undefined) => {
    if (group !== undefined) return `\\${group}`
    return kept === undefined || kept === '\\' ? '\\\\' : kept
  })
}
const COMPUTED = String.raw`CASE WHEN contains($3, '\') THEN fail('NOT_SUPPORTED: a computed replacement with a backslash is not implemented here', '')
  ELSE regexp_replace($3, '\$(\d)', '\\\1', 'g') END`

const HEX_NUMBER = `CAST('0x' || hex($1) AS UBIGINT)`

/** True if a group that takes part in a match may be empty, which RE2 cannot tell from a group that takes no part. */
function canBeEmpty(pattern: string | undefined, group: number | undefined): boolean {
  if (pattern === undefined || group === undefined || group === 0) return true
  const starts = [...pattern.matchAll(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\((?!\?[:=!<i])/g)].filter(
    ([part]) => part === '(',
  )
  const start = starts[group - 1]?.index
  if (start === undefined) return true
  let depth = 0
  for (const { 0: part, index } of pattern.slice(start).matchAll(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|[()]/g)) {
    if (part === '(') depth += 1
    if (part === ')' && --depth === 0) return matchesNothing(pattern.slice(start + 1, start + index))
  }
  return true
}

function matchesNothing(pattern: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test('')
  } catch {
    return true
  }
}

/** Makes a rule for a part of a URI; NULL if the argument is none. */
const ofUri = (template: string) =>
  sql(`CASE WHEN NOT regexp_matches($1, '[\\s<>"{}|\\\\^]') THEN ${template} END`)

/** Counts from the end if the start is negative; empty if the start is outside the text. */
const SUBSTRING_FROM = `CASE WHEN $2 = 0 OR abs($2) > length($1) THEN '' ELSE substring($1, $2) END`
const SUBSTRING = `CASE WHEN $2 = 0 OR abs($2) > length($1) OR $3 <= 0 THEN '' ELSE substring($1, $2, $3) END`

/** Translation rules for functions of text, bytes and URLs. https://trino.io/docs/current/functions/string.html */
export const STRINGS: Rules = {
  chr: same(1),
  codepoint: named('ord', 1),
  concat: typed([2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16], '$1 || $2', (types, call) => {
    const all = call.args.map((_, index) => `$${index + 1}`)
    const isOf = (is: (type: string) => boolean) => types.every((type) => is(type) || type === '"NULL"')
    if (!isOf(isText) && !isOf((type) => type === 'BLOB') && !types.some(isList))
      throw wrongTypes(call, types)
    const joined = all.map((arg, index) => (types.some(isList) && !isList(types[index]!) ? `[${arg}]` : arg))
    return joined.join(' || ')
  }),
  concat_ws: typed([2, 3, 4, 5, 6, 7, 8, 9], `concat_ws($1, $2)`, (types, call) =>
    isList(types[1]!)
      ? 'array_to_string($2, $1)'
      : `concat_ws(${call.args.map((_, index) => `$${index + 1}`).join(', ')})`,
  ),
  format: built(({ args }) => {
    const pattern = constantText(args[0]) ?? ''
    const specs = [...pattern.matchAll(/%(?:%|[-,0]*\d*(?:\.\d+)?[sdfxX])/g)]
      .map(([spec]) => spec)
      .filter((spec) => spec !== '%%')
    if (
      pattern.replace(/%(?:%|[-,0]*\d*(?:\.\d+)?[sdfxX])/g, '').includes('%') ||
      specs.length !== args.length - 1
    ) {
      throw notHere(
        'format',
        'name each argument by %s, %d, %x or %f in a constant format, or use lpad, round and ||',
      )
    }
    const values = specs.map((spec, index) => {
      const arg = `$${index + 2}`
      const digits = /\.(\d+)f/.exec(spec)?.[1] ?? '6'
      if (spec.endsWith('s')) return `CAST(${arg} AS VARCHAR)`
      return spec.endsWith('f') ? `round(CAST(${arg} AS DOUBLE), ${digits})` : arg
    })
    return `printf(${['$1', ...values].join(', ')})`
  }),
  hamming_distance: named('hamming', 2),
  length: typed([1], 'length($1)', ([type = ''], call) => {
    if (type === 'BLOB') return 'octet_length($1)'
    if (!isText(type)) throw wrongTypes(call, [type])
    return 'length($1)'
  }),
  levenshtein_distance: named('levenshtein', 2),
  lower: same(1),
  lpad: same(3),
  ltrim: sql(blank(`^${SPACE}+`), 'ltrim($1, $2)'),
  luhn_check: refused('sum the digits over an array with reduce'),
  normalize: sql('nfc_normalize($1)'),
  position: same(2),
  replace: sql(`replace($1, $2, '')`, 'replace($1, $2, $3)'),
  reverse: typed([1], 'reverse($1)', ([type = '']) => (isList(type) ? 'list_reverse($1)' : 'reverse($1)')),
  rpad: same(3),
  rtrim: sql(blank(`${SPACE}+$`), 'rtrim($1, $2)'),
  soundex: refused('use levenshtein_distance'),
  split: sql(
    `CASE WHEN $2 = '' THEN fail('INVALID_FUNCTION_ARGUMENT: The delimiter may not be the empty string', string_split($1, $2)) ELSE string_split($1, $2) END`,
    `CASE WHEN len(string_split($1, $2)) <= $3 THEN string_split($1, $2)
      ELSE list_append(string_split($1, $2)[1:$3 - 1], array_to_string(string_split($1, $2)[$3:], $2)) END`,
  ),
  split_part: sql(
    `CASE WHEN $3 <= 0 THEN fail('INVALID_FUNCTION_ARGUMENT: Index must be greater than zero', $1)
      WHEN $3 > len(string_split($1, $2)) THEN NULL ELSE split_part($1, $2, $3) END`,
  ),
  split_to_map: sql(
    `map_from_entries(list_transform(string_split($1, $2), lambda _x: {'k': split_part(_x, $3, 1), 'v': split_part(_x, $3, 2)}))`,
  ),
  starts_with: same(2),
  strpos: sql(
    'strpos($1, $2)',
    'CAST(coalesce(list_filter(generate_series(1, length($1)), lambda _i: starts_with(substring($1, _i), $2))[$3], 0) AS BIGINT)',
  ),
  substr: substring(),
  substring: substring(),
  translate: same(3),
  trim: sql(blank(`^${SPACE}+|${SPACE}+$`), 'trim($1, $2)'),
  upper: same(1),
  word_stem: refused('stem in feature code'),
  // Regular expressions: https://trino.io/docs/current/functions/regexp.html
  regexp_count: sql('len(regexp_extract_all($1, $2))'),
  regexp_extract: built(({ args }) => {
    if (args.length === 2) return 'CASE WHEN regexp_matches($1, $2) THEN regexp_extract($1, $2) END'
    const extracted = canBeEmpty(constantText(args[1]), constantInteger(args[2]))
      ? 'regexp_extract($1, $2, $3)'
      : `nullif(regexp_extract($1, $2, $3), '')`
    return `CASE WHEN regexp_matches($1, $2) THEN ${extracted} END`
  }),
  regexp_extract_all: same(2, 3),
  regexp_like: named('regexp_matches', 2),
  regexp_position: sql(
    `CASE WHEN regexp_matches($1, $2) THEN length(regexp_extract($1, '(?s)^(.*?)(?:' || $2 || ')', 1)) + 1 ELSE -1 END`,
  ),
  regexp_replace: built(({ args }) => {
    if (args[2]?.class === 'LAMBDA') throw notHere('regexp_replace with a function', 'use a replacement text')
    if (constantText(args[2])?.includes('${')) throw notHere('regexp_replace with a named group', 'use $1')
    if (args.length === 2) return `regexp_replace($1, $2, '', 'g')`
    const by = constantText(args[2])
    return `regexp_replace($1, $2, ${by === undefined ? COMPUTED : literal(replacement(by))}, 'g')`
  }),
  regexp_split: named('string_split_regex', 2),
  // Bytes: https://trino.io/docs/current/functions/binary.html
  crc32: refused('use md5'),
  from_base64: same(1),
  from_big_endian_64: sql(
    `CASE WHEN octet_length($1) <> 8 THEN fail('INVALID_FUNCTION_ARGUMENT: expected 8-byte input', 0::BIGINT)
      WHEN ${HEX_NUMBER} >= 9223372036854775808::UBIGINT THEN CAST(CAST(${HEX_NUMBER} AS HUGEINT) - 18446744073709551616::HUGEINT AS BIGINT)
      ELSE CAST(${HEX_NUMBER} AS BIGINT) END`,
  ),
  from_hex: named('unhex', 1),
  from_utf8: named('decode', 1),
  hmac_md5: refused('use md5'),
  hmac_sha1: refused('use sha1'),
  hmac_sha256: refused('use sha256'),
  hmac_sha512: refused('use sha256'),
  md5: ofBytes('unhex(md5($1))'),
  murmur3: refused('use md5'),
  sha1: ofBytes('unhex(sha1($1))'),
  sha256: ofBytes('unhex(sha256($1))'),
  sha512: refused('use sha256'),
  spooky_hash_v2_32: refused('use md5'),
  spooky_hash_v2_64: refused('use md5'),
  to_base64: ofBytes('to_base64($1)'),
  to_base64url: ofBytes(`replace(replace(to_base64($1), '+', '-'), '/', '_')`),
  to_big_endian_64: sql(
    `unhex(lpad(to_base(CASE WHEN $1 < 0 THEN CAST($1 AS HUGEINT) + 18446744073709551616::HUGEINT ELSE CAST($1 AS HUGEINT) END, 16), 16, '0'))`,
  ),
  to_hex: ofBytes('hex($1)'),
  to_utf8: named('encode', 1),
  xxhash64: refused(
    'use md5, whose first bytes from_big_endian_64(substr(md5(to_utf8(x)), 1, 8)) are as good a hash',
  ),
  // URLs: https://trino.io/docs/current/functions/url.html
  url_decode: sql(`url_decode(replace($1, '+', ' '))`),
  // Forms encode a space as a plus, and keep the star.
  url_encode: sql(`replace(replace(replace(url_encode($1), '%20', '+'), '%2A', '*'), '~', '%7E')`),
  url_extract_fragment: ofUri(`url_decode(regexp_extract($1, '#(.*)$', 1))`),
  url_extract_host: ofUri(`regexp_extract($1, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:]*)', 1)`),
  url_extract_parameter: ofUri(
    `CASE WHEN regexp_matches($1, '[?&]' || regexp_escape($2) || '(?:[=&#]|$)')
      THEN url_decode(regexp_extract($1, '[?&]' || regexp_escape($2) || '=([^&#]*)', 1)) END`,
  ),
  url_extract_path: ofUri(
    `url_decode(regexp_extract($1, '^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://[^/?#]*)?([^?#]*)', 1))`,
  ),
  url_extract_port: ofUri(
    `CAST(nullif(regexp_extract($1, '^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*:(\\d+)(?:[/?#]|$)', 1), '') AS BIGINT)`,
  ),
  url_extract_protocol: ofUri(`regexp_extract($1, '^([A-Za-z][A-Za-z0-9+.-]*):', 1)`),
  url_extract_query: ofUri(`url_decode(regexp_extract($1, '\\?([^#]*)', 1))`),
  uuid: same(0),
}

function substring() {
  return typed([2, 3], 'substring($1, $2)', ([type = ''], call) => {
    const [from, part] = [SUBSTRING_FROM, SUBSTRING]
    if (isText(type) || type === '"NULL"') return call.args.length === 2 ? from : part
    if (type !== 'BLOB' || call.args.length !== 3) throw wrongTypes(call, [type])
    return 'unhex(substring(hex($1), 2 * $2 - 1, 2 * $3))'
  })
}

/** Makes a rule for a function of bytes, which takes no text in Trino: to_utf8 converts text. */
function ofBytes(template: string) {
  return typed([1], template, ([type = ''], call) => {
    if (type !== 'BLOB' && type !== '"NULL"') throw wrongTypes(call, [type])
    return template
  })
}
