import { behaviours } from './behaviours.ts'
import type { SandboxReady } from './server.ts'

/** What a person needs to use a sandbox that runs: where it is, what to type in, and the ids that ask for something. */
export function prettyReady(ready: SandboxReady): string {
  const apps = ready.apps.flatMap(({ accountId, clientId, clientSecret, algorithm }) => [
    `  Client id      ${clientId}`,
    `  Client secret  ${clientSecret}`,
    `  Account        ${accountId}, signed with ${algorithm}`,
    '',
  ])
  const width = Math.max(...behaviours.map(({ name }) => name.length)) + 'sandbox-'.length
  return [
    'Kore.ai sandbox',
    '',
    `  Origin         ${ready.origin}`,
    ...apps,
    '  Bots',
    ...ready.bots.map(({ botId, name }) => `    ${botId}  ${name}`),
    '',
    '  Put one of these words anywhere into an email, a u-… id or a channel user id:',
    ...behaviours.map(({ name, what }) => `    ${`sandbox-${name}`.padEnd(width)}  ${what.replaceAll('`', '')}`),
    '',
    `  Every call:  curl -H '${ready.control.header}: ${ready.control.token}' ${ready.origin}/__sandbox/ledger`,
    '  Ctrl+C ends it.',
    '',
  ].join('\n')
}
