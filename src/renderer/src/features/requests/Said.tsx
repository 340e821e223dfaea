/** What was said of a call or a batch: the vendor's own words in quotation marks, a note of this app's without. */
export function Said({ vendorWords, note }: { readonly vendorWords: string | null; readonly note: string | null }) {
  const words = vendorWords === null ? (note ?? '—') : `“${vendorWords}”`
  return (
    <span className="cut dim" title={vendorWords ?? note ?? undefined}>
      {words}
    </span>
  )
}
