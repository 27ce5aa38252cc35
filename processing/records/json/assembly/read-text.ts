import { BACKSLASH, QUOTE, SPACE } from '../../../read/bytes'
import { CACHES, CACHE_BYTES, CREDITS, LATIN1, TEXTS, UNCACHED, UTF16 } from '../record-layout'
import { LETTER_U } from './bytes'
import { readEscape } from './read-escape'

/** Longest text that is cached, in bytes, and longest one that takes half of an entry. */
const MAX_CACHED: usize = 64
const MAX_SHORT: usize = 31
/** Binary logarithm of an entry's bytes. */
const ENTRY: i32 = 6
/** Credit of a place at first and at most: each text that is found adds to it, any other takes one. */
const FIRST_CREDIT: i32 = 1024
const MOST_CREDIT: i32 = 4096
const FOUND: i32 = 4
/** Number of texts that a place without credit does not look for. */
const PAUSE: i32 = 32768
/** Sixteen bytes to keep, and none. */
const KEPT = memory.data<u64>([-1, -1, 0, 0])

/** Position behind the record's decoded texts. */
let end: usize = TEXTS

/** Begins a record. */
export function clearTexts(): void {
  end = TEXTS
}

/**
 * Reads a text into a slot. Returns the position behind it, or 0 for control characters and for what is no UTF-8. Text
 * of ASCII without escapes is left where it stands.
 *
 * @param start position behind the quote
 * @param cache position of the place's cached texts; 0 for none
 */
export function readText(start: usize, slot: usize, cache: usize): usize {
  let at = start
  let stops = stopsIn(v128.load(at))
  while (stops == 0) {
    at += 16
    stops = stopsIn(v128.load(at))
  }
  at += ctz(stops)
  if (load<u8>(at) != QUOTE) return decodeText(start, slot)
  const length = at - start
  const place = cache == 0 || length > MAX_CACHED ? UNCACHED : cachedAt(start, length, cache)
  return note(slot, LATIN1, place, start, length, at)
}

function note(slot: usize, kind: i32, place: i32, start: usize, length: usize, quote: usize): usize {
  store<i32>(slot, kind)
  store<i32>(slot, place, 4)
  store<u32>(slot, start as u32, 8)
  store<u32>(slot, length as u32, 12)
  return quote + 1
}

/** Returns a bit for each byte that is a quote, a backslash, a control character or beyond ASCII. */
function stopsIn(bytes: v128): i32 {
  const marks = v128.or(
    i8x16.eq(bytes, i8x16.splat(QUOTE as i8)),
    i8x16.eq(bytes, i8x16.splat(BACKSLASH as i8)),
  )
  // Signed, bytes beyond ASCII are less than 0.
  return i8x16.bitmask(v128.or(marks, i8x16.lt_s(bytes, i8x16.splat(SPACE as i8))))
}

/**
 * Returns what {@link placeOf} does, or UNCACHED for a while where few texts were found: looking for them would take
 * longer than it saves.
 */
function cachedAt(start: usize, length: usize, cache: usize): i32 {
  const account: usize = CREDITS + (((cache - CACHES) as i32) / CACHE_BYTES) * 4
  const credit = load<i32>(account)
  if (credit < 0) {
    store<i32>(account, credit + 1)
    return UNCACHED
  }
  const left = credit == 0 ? FIRST_CREDIT : credit
  const place = length > MAX_SHORT ? longPlaceOf(start, length, cache) : placeOf(start, length, cache)
  store<i32>(account, place >= 0 ? min(left + FOUND, MOST_CREDIT) : left == 1 ? -PAUSE : left - 1)
  return place
}

/** Returns the place of a text among the cached ones, or -2 - place if it was put there now. */
function placeOf(start: usize, length: usize, cache: usize): i32 {
  const low = v128.and(v128.load(start), v128.load(KEPT + 16 - min<usize>(length, 16)))
  const rest = v128.and(v128.load(start, 16), v128.load(KEPT + 16 - (length > 16 ? length - 16 : 0)))
  const high = i8x16.replace_lane(rest, 15, length as i8)
  const entry = cache + (hash(low, high) << ENTRY)
  const place = ((entry - CACHES) >> ENTRY) as i32
  const differ = v128.or(v128.xor(v128.load(entry), low), v128.xor(v128.load(entry, 16), high))
  if (!v128.any_true(differ)) return place
  v128.store(entry, low)
  v128.store(entry, high, 16)
  return UNCACHED - 1 - place
}

/** As {@link placeOf}, for a text of 32 bytes or more. Its 32nd byte is no control character, as a shorter one's is. */
function longPlaceOf(start: usize, length: usize, cache: usize): i32 {
  const first = v128.load(start)
  const second = v128.load(start, 16)
  const third = v128.and(v128.load(start, 32), v128.load(KEPT + 16 - min<usize>(length - 32, 16)))
  const fourth = v128.and(v128.load(start, 48), v128.load(KEPT + 16 - (length > 48 ? length - 48 : 0)))
  const entry = cache + (hash(v128.xor(first, third), i64x2.add(second, fourth)) << ENTRY)
  const place = ((entry - CACHES) >> ENTRY) as i32
  const one = v128.or(v128.xor(v128.load(entry), first), v128.xor(v128.load(entry, 16), second))
  const other = v128.or(v128.xor(v128.load(entry, 32), third), v128.xor(v128.load(entry, 48), fourth))
  if (!v128.any_true(v128.or(one, other))) return place
  v128.store(entry, first)
  v128.store(entry, second, 16)
  v128.store(entry, third, 32)
  v128.store(entry, fourth, 48)
  return UNCACHED - 1 - place
}

/** Returns a hash of 8 bits. */
function hash(low: v128, high: v128): usize {
  let mixed = i64x2.extract_lane(low, 0) ^ (i64x2.extract_lane(high, 0) * 0x2545f4914f6cdd1d)
  mixed = (mixed ^ (mixed >> 31)) * 0x9e3779b97f4a7c15
  mixed ^= i64x2.extract_lane(low, 1) * 0xd6e8feb86659fd93 + i64x2.extract_lane(high, 1)
  mixed = (mixed ^ (mixed >> 29)) * 0x9e3779b97f4a7c15
  return ((mixed >> 56) & 255) as usize
}

/** Decodes a text to a byte a character, and from the first character that is too large on to two. */
function decodeText(start: usize, slot: usize): usize {
  const begin = end
  let at = start
  let out = begin
  while (true) {
    const bytes = v128.load(at)
    v128.store(out, bytes)
    const stops = stopsIn(bytes)
    const clean: usize = stops == 0 ? 16 : ctz(stops)
    at += clean
    out += clean
    if (stops == 0) continue
    const byte = load<u8>(at)
    if (byte == QUOTE) break
    const character = readStop(at, byte)
    if (character < 0) return 0
    if (character > 0xff) return decodeWide(at, widen(begin, out), slot)
    store<u8>(out++, character)
    at += lengthOf(at, byte)
  }
  end = (out + 1) & ~1
  return note(slot, LATIN1, UNCACHED, begin, out - begin, at)
}

/** Makes two bytes of each from `begin` to `out`; returns the position behind them. */
function widen(begin: usize, out: usize): usize {
  const length = out - begin
  // From the last to the first, so that none is overwritten before it is read.
  for (let at = ((length + 15) & ~15) - 16; at < length; at -= 16) {
    const bytes = v128.load(begin + at)
    v128.store(begin + 2 * at, i16x8.extend_low_i8x16_u(bytes))
    v128.store(begin + 2 * at, i16x8.extend_high_i8x16_u(bytes), 16)
  }
  return begin + 2 * length
}

/** Decodes the rest of a text to two bytes a character; those from {@link end} to `decoded` are there already. */
function decodeWide(start: usize, decoded: usize, slot: usize): usize {
  const begin = end
  let at = start
  let out = decoded
  while (true) {
    const bytes = v128.load(at)
    v128.store(out, i16x8.extend_low_i8x16_u(bytes))
    v128.store(out, i16x8.extend_high_i8x16_u(bytes), 16)
    const stops = stopsIn(bytes)
    const clean: usize = stops == 0 ? 16 : ctz(stops)
    at += clean
    out += 2 * clean
    if (stops == 0) continue
    let byte = load<u8>(at)
    if (byte == QUOTE) break
    if (byte < 0x80) {
      const character = byte == BACKSLASH ? readEscape(at + 1) : -1
      if (character < 0) return 0
      store<u16>(out, character)
      out += 2
      at += lengthOf(at, byte)
      continue
    }
    // Characters beyond ASCII seldom stand alone.
    do {
      const character = readCharacter(at)
      if (character < 0) return 0
      if (character < 0x10000) {
        store<u16>(out, character)
        out += 2
        at += character < 0x800 ? 2 : 3
      } else {
        store<u16>(out, 0xd7c0 + (character >> 10))
        store<u16>(out, 0xdc00 | (character & 0x3ff), 2)
        out += 4
        at += 4
      }
      byte = load<u8>(at)
    } while (byte >= 0x80)
  }
  end = out
  return note(slot, UTF16, UNCACHED, begin, (out - begin) >> 1, at)
}

/** Returns the character that an escape stands for, or one beyond ASCII; -1 for none. */
function readStop(at: usize, byte: u8): i32 {
  if (byte >= 0x80) return readCharacter(at)
  return byte == BACKSLASH ? readEscape(at + 1) : -1
}

/** Returns the number of bytes of an escape or a character. */
function lengthOf(at: usize, byte: u8): usize {
  if (byte == BACKSLASH) return load<u8>(at, 1) == LETTER_U ? 6 : 2
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
}

/** Returns the code point of a character beyond ASCII in UTF-8, or -1 for anything else. */
function readCharacter(at: usize): i32 {
  const first: i32 = load<u8>(at)
  const second: i32 = load<u8>(at, 1) ^ 0x80
  if (second > 0x3f || first < 0xc2) return -1
  if (first < 0xe0) return ((first & 0x1f) << 6) | second
  const third: i32 = load<u8>(at, 2) ^ 0x80
  if (third > 0x3f) return -1
  if (first < 0xf0) {
    const point = ((first & 0x0f) << 12) | (second << 6) | third
    return point < 0x800 || (point & 0xf800) == 0xd800 ? -1 : point
  }
  const fourth: i32 = load<u8>(at, 3) ^ 0x80
  const point = ((first & 0x0f) << 18) | (second << 12) | (third << 6) | fourth
  return fourth > 0x3f || point < 0x10000 || point > 0x10ffff ? -1 : point
}

/** Forgets a text that was put among the cached ones now, if the value in a slot is one. */
export function forgetText(slot: usize): void {
  const place = load<i32>(slot, 4)
  if (load<i32>(slot) == LATIN1 && place < UNCACHED)
    store<u8>(CACHES + ((UNCACHED - 1 - place) << ENTRY), 255, 31)
}
