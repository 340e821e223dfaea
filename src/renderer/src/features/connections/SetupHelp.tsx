/** What to click at the vendor so that an app may erase users' data, step by step, as the vendor's console names it. */
import type { VendorProfile } from '../../../../shared/model/vendor.ts'

export function SetupHelp({ vendor }: { readonly vendor: VendorProfile }) {
  const { title, steps, note } = vendor.setUp
  return (
    <section className="setup-help" aria-labelledby="setup-help-title">
      <h2 id="setup-help-title">{title}</h2>
      <ol className="numbered dim">
        {steps.map((step) => (
          <li key={step}>{withButtons(step)}</li>
        ))}
      </ol>
      {note === '' ? null : <p className="faint">{note}</p>}
    </section>
  )
}

/** What stands between two `**` is what a button or a menu says. */
function withButtons(step: string) {
  return step.split('**').map((part, index) => (index % 2 === 0 ? part : <b key={`${index} ${part}`}>{part}</b>))
}
