import { describe, expect, test } from 'vitest'
import {
  calendarDaysBetween,
  countOf,
  dateFromIso,
  formatBytes,
  formatClock,
  formatDue,
  formatDuration,
  formatEstimate,
  formatNumber,
  formatRelative,
  formatTook,
  formatUntil,
  formatWindow,
  isoDayOf,
} from '../../../src/renderer/src/ui/format.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const noon = new Date(2026, 10, 23, 12, 0, 0).getTime()

test('a count takes the plural for every number but one', () => {
  expect(countOf(1, 'identifier')).toBe('1 identifier')
  expect(countOf(0, 'identifier')).toBe('0 identifiers')
  expect(countOf(1204, 'batch', 'batches')).toBe(`${formatNumber(1204)} batches`)
})

describe('durations are said as an operator says them', () => {
  test.each([
    [0, '0 s'],
    [8 * second, '8 s'],
    [59.4 * second, '59 s'],
    [35 * minute, '35 min'],
    [59.6 * minute, '1 h'],
    [130 * minute, '2 h 10 min'],
    [184 * minute, '3 h'],
    [26 * hour, '26 h'],
    [72 * hour, '3 days'],
  ])('%d ms is "%s"', (milliseconds, words) => {
    expect(formatDuration(milliseconds)).toBe(words)
  })
})

test.each([
  [-3, '0 ms'],
  [340.4, '340 ms'],
  [1200, '1.2 s'],
  [12 * second, '12 s'],
  [90 * second, '2 min'],
])('a call of %d ms took "%s"', (milliseconds, words) => {
  expect(formatTook(milliseconds)).toBe(words)
})

test('an estimate says how long and until when', () => {
  expect(formatEstimate(35 * minute, noon)).toBe(`about 35 min, until ${formatClock(noon + 35 * minute, noon)}`)
  expect(formatEstimate(3 * second, noon)).toBe('a few seconds')
})

test('a moment that is waited for is said to the second where it is near', () => {
  const seconds = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
  expect(formatUntil(noon + 40 * second, noon)).toBe(`${seconds.format(noon + 40 * second)}, in 40 s`)
  expect(formatUntil(noon + 20 * hour, noon)).toBe(`${formatClock(noon + 20 * hour, noon)}, in 20 h`)
})

test('a clock time names the day where it is not today', () => {
  const midnightAhead = noon + 13 * hour
  expect(formatClock(midnightAhead, noon)).toMatch(/^tomorrow /)
  expect(formatClock(noon - 13 * hour, noon)).toMatch(/^yesterday /)
  expect(formatClock(noon + 5 * day, noon)).toContain(', ')
})

describe('relative times', () => {
  test.each([
    [-4 * second, 'just now'],
    [4 * second, 'in a moment'],
    [-2 * minute, '2 min ago'],
    [3 * hour, 'in 3 h'],
    [-1 * day, '1 day ago'],
    [6 * day, 'in 6 days'],
  ])('%d ms away is "%s"', (distance, words) => {
    expect(formatRelative(noon + distance, noon)).toBe(words)
  })

  test('a week away is a date', () => {
    expect(formatRelative(noon - 8 * day, noon)).toMatch(/15/)
  })
})

describe('the day an answer is due', () => {
  const today = new Date(2026, 10, 23, 23, 50).getTime()
  test.each([
    ['2026-11-20', '3 days late', 'late'],
    ['2026-11-22', '1 day late', 'late'],
    ['2026-11-23', 'today', 'near'],
    ['2026-11-24', 'tomorrow', 'near'],
    ['2026-11-30', 'in 7 days', 'near'],
    ['2026-12-01', 'in 8 days', 'far'],
  ])('%s is "%s"', (isoDate, words, risk) => {
    expect(formatDue(isoDate, today)).toEqual({ words, risk })
  })
})

test('calendar days are counted by the calendar, not by hours', () => {
  const lateEvening = new Date(2026, 2, 28, 23, 59).getTime()
  const earlyMorning = new Date(2026, 2, 29, 0, 1).getTime()
  expect(calendarDaysBetween(lateEvening, earlyMorning)).toBe(1)
  // A week over a change to summer time still is seven days.
  expect(calendarDaysBetween(dateFromIso('2026-03-26'), dateFromIso('2026-04-02'))).toBe(7)
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [40_960, '40 KB'],
  [1_572_864, '1.5 MB'],
])('%d bytes are "%s"', (bytes, words) => {
  expect(formatBytes(bytes).replace(',', '.')).toBe(words)
})

test('a vendor’s window is named', () => {
  expect([second, minute, hour, day, 10 * second].map(formatWindow)).toEqual(['second', 'min', 'hour', 'day', '10 s'])
})

test('a day is taken from this computer’s calendar', () => {
  expect(isoDayOf(new Date(2026, 0, 5, 23, 59).getTime())).toBe('2026-01-05')
})
