/** Numbers, times and names as an operator reads them. Pure: the time is always passed in. */

const numberFormat = new Intl.NumberFormat()
const dayFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const dayYearFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const clockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const secondsFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const stampFormat = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** 12404 → "12,404", in the operator's locale. */
export function formatNumber(value: number): string {
  return numberFormat.format(value)
}

/** "1 identifier", "1,204 identifiers". `plural` defaults to the word with an s. */
export function countOf(count: number, word: string, plural = `${word}s`): string {
  return `${formatNumber(count)} ${count === 1 ? word : plural}`
}

/** 40,960 → "40 KB"; bytes up to the megabytes, one decimal below ten. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'] as const
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log(bytes) / Math.log(1024)), units.length - 1)
  const scaled = bytes / 1024 ** power
  const digits = power > 0 && scaled < 10 ? 1 : 0
  const text = new Intl.NumberFormat(undefined, { maximumFractionDigits: digits }).format(scaled)
  return `${text} ${units[power] ?? 'B'}`
}

/** A stretch of time, rounded as one says it: "8 s", "35 min", "2 h 10 min", "3 days". */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < minute) return `${Math.max(0, Math.round(milliseconds / second))} s`
  const minutes = Math.round(milliseconds / minute)
  if (minutes < 60) return `${minutes} min`
  const roundedMinutes = minutes < 180 ? minutes : Math.round(minutes / 10) * 10
  const hours = Math.floor(roundedMinutes / 60)
  const rest = roundedMinutes % 60
  if (hours < 48) return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
  return `${Math.round(milliseconds / day)} days`
}

/** What one call took: "340 ms", "1.2 s", then as a stretch of time. */
export function formatTook(milliseconds: number): string {
  if (milliseconds < second) return `${Math.max(0, Math.round(milliseconds))} ms`
  if (milliseconds >= 10 * second) return formatDuration(milliseconds)
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(milliseconds / second)} s`
}

/** "14:20" today, "tomorrow 14:20", "Fri 28 Nov, 14:20" otherwise. */
export function formatClock(at: number, now: number): string {
  const clock = clockFormat.format(at)
  const days = calendarDaysBetween(now, at)
  if (days === 0) return clock
  if (days === 1) return `tomorrow ${clock}`
  if (days === -1) return `yesterday ${clock}`
  return `${formatDay(at, now)}, ${clock}`
}

/** "14:20:31, in 40 s", "tomorrow 02:10, in 12 h": a moment to come, to the second where it is within the hour. */
export function formatUntil(at: number, now: number): string {
  const moment = at - now < hour ? secondsFormat.format(at) : formatClock(at, now)
  return `${moment}, ${formatRelative(at, now)}`
}

/** "12 Nov", with the year where it is another one. */
export function formatDay(at: number, now: number): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return (sameYear ? dayFormat : dayYearFormat).format(at)
}

/** "about 35 min, until 14:20"; "a few seconds" where it is next to nothing. */
export function formatEstimate(milliseconds: number, now: number): string {
  if (milliseconds < 10 * second) return 'a few seconds'
  return `about ${formatDuration(milliseconds)}, until ${formatClock(now + milliseconds, now)}`
}

/** "just now", "2 min ago", "in 3 h", then the day: "12 Nov". */
export function formatRelative(at: number, now: number): string {
  const distance = at - now
  const size = Math.abs(distance)
  if (size < 10 * second) return distance > 0 ? 'in a moment' : 'just now'
  if (size >= 7 * day) return formatDay(at, now)
  const words = size < hour ? formatDuration(size) : size < day ? `${Math.round(size / hour)} h` : daysWord(size)
  return distance > 0 ? `in ${words}` : `${words} ago`
}

function daysWord(size: number): string {
  const days = Math.round(size / day)
  return days === 1 ? '1 day' : `${days} days`
}

/** "24 Nov 2026, 14:02:11": the exact time where it is proof. */
export function formatStamp(at: number): string {
  return stampFormat.format(at)
}

/** The exact time with its zone, for tooltips. */
export function formatExact(at: number): string {
  return exactFormat.format(at)
}

/** Whole calendar days from `from` to `to` in local time; negative where `to` lies before. */
export function calendarDaysBetween(from: number, to: number): number {
  const start = new Date(from)
  const end = new Date(to)
  const startDay = Date.UTC(start.getFullYear(), start.getMonth(), start.getDate())
  const endDay = Date.UTC(end.getFullYear(), end.getMonth(), end.getDate())
  return Math.round((endDay - startDay) / day)
}

/** Local midnight of a YYYY-MM-DD date. */
export function dateFromIso(isoDate: string): number {
  const [year = 1970, month = 1, date = 1] = isoDate.split('-').map(Number)
  return new Date(year, month - 1, date).getTime()
}

/** How near an answer's due day is, and in which words: "in 6 days", "today", "3 days late". */
export function formatDue(
  isoDate: string,
  now: number,
): { readonly words: string; readonly risk: 'late' | 'near' | 'far' } {
  const days = calendarDaysBetween(now, dateFromIso(isoDate))
  if (days < 0) return { words: days === -1 ? '1 day late' : `${-days} days late`, risk: 'late' }
  if (days === 0) return { words: 'today', risk: 'near' }
  if (days === 1) return { words: 'tomorrow', risk: 'near' }
  return { words: `in ${days} days`, risk: days <= 7 ? 'near' : 'far' }
}

/** The day of a moment on this computer's calendar, YYYY-MM-DD. */
export function isoDayOf(at: number): string {
  const date = new Date(at)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** True for a window that empties within seconds: that it is full says only that a call has just left. */
export function isBriefWindow(milliseconds: number): boolean {
  return milliseconds < 10 * second
}

/** A window of the vendor's in words: "second", "min", "hour", "10 s", "day". */
export function formatWindow(milliseconds: number): string {
  if (milliseconds === second) return 'second'
  if (milliseconds === minute) return 'min'
  if (milliseconds === hour) return 'hour'
  if (milliseconds === day) return 'day'
  return formatDuration(milliseconds)
}
