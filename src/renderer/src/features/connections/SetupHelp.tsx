/** What to click at Kore.ai so that an app may erase users' data. */

/** The way to an app with the right scope, step by step, as the vendor's console names it. */
export function SetupHelp() {
  return (
    <section className="setup-help" aria-labelledby="setup-help-title">
      <h2 id="setup-help-title">Set up at Kore.ai</h2>
      <ol className="numbered dim">
        <li>
          Open the <b>Admin Console</b>, then <b>Security &amp; Control</b> and <b>API Scopes</b>.
        </li>
        <li>
          <b>New</b>, then <b>Manage Apps</b> and <b>New App</b>. An app made in the App Builder is not accepted.
        </li>
        <li>
          Copy the <b>Client ID</b> and the <b>Client Secret</b> into this form.
        </li>
        <li>
          Under <b>Profile Management</b> tick <b>Delete Users Data</b>. Older consoles have it under Bot Analytics. For
          the look-up before sending, tick <b>User Management</b> as well.
        </li>
        <li>
          <b>Save</b> there, then <b>Save and test</b> here.
        </li>
      </ol>
      <p className="faint">
        The app signs with a shared secret. Where the console offers JWE, leave it off: an app that enforces it cannot
        be used.
      </p>
    </section>
  )
}
