/** What a draft is called until the operator gives it a name. */

/** "Request of 23 Nov", by the machine's calendar. */
export function draftName(now: number): string {
  return `Request of ${new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' }).format(new Date(now))}`
}

/** The file's name without its extension, cut to what a name may hold; the fallback where nothing is left. */
export function nameFromFile(fileName: string, fallback: string): string {
  const stem = fileName
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .trim()
    .slice(0, 120)
    .trim()
  return stem === '' ? fallback : stem
}
