import { behaviours } from './behaviours.ts'
import { mixpanelBehaviours } from './mixpanel/behaviours.ts'
import type { SandboxReady } from './server.ts'

/** What a person needs to use a sandbox that runs: where it is, what to type in, and the ids that ask for something. */
export function prettyReady(ready: SandboxReady): string {
  return [
    ...koreLines(ready),
    ...mixpanelLines(ready),
    `  Every call:  curl -H '${ready.control.header}: ${ready.control.token}' ${ready.origin}/__sandbox/ledger`,
    '  Ctrl+C ends it.',
    '',
  ].join('\n')
}

function koreLines(ready: SandboxReady): readonly string[] {
  const apps = ready.apps.flatMap(({ accountId, clientId, clientSecret, algorithm }) => [
    `  Client id      ${clientId}`,
    `  Client secret  ${clientSecret}`,
    `  Account        ${accountId}, signed with ${algorithm}`,
    '',
  ])
  return [
    'Kore.ai sandbox',
    '',
    `  Origin         ${ready.origin}`,
    ...apps,
    '  Bots',
    ...ready.bots.map(({ botId, name }) => `    ${botId}  ${name}`),
    '',
    '  Put one of these words anywhere into an email, a u-… id or a channel user id:',
    ...wordLines(behaviours),
    '',
  ]
}

function mixpanelLines({ mixpanel }: SandboxReady): readonly string[] {
  const accounts = mixpanel.accounts.flatMap(({ accountId, oauthToken, projects }) => [
    `  OAuth token    ${oauthToken}`,
    ...projects.map(({ projectToken, residency }) => {
      const warning = residency === mixpanel.residency ? '' : ': elsewhere, answered and not done'
      return `  Project token  ${projectToken}  ${residency}${warning}`
    }),
    `  Account        ${accountId}`,
    '',
  ])
  return [
    'Mixpanel sandbox',
    '',
    `  Base address   ${mixpanel.baseUrl}`,
    `  Residency      ${mixpanel.residency}`,
    ...accounts,
    '  Put one of these words anywhere into a distinct id:',
    ...wordLines(mixpanelBehaviours),
    '',
  ]
}

function wordLines(table: readonly { readonly name: string; readonly what: string }[]): readonly string[] {
  const width = Math.max(...table.map(({ name }) => name.length)) + 'sandbox-'.length
  return table.map(({ name, what }) => `    ${`sandbox-${name}`.padEnd(width)}  ${what.replaceAll('`', '')}`)
}
