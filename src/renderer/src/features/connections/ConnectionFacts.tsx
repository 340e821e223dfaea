/** How a connection is set, as facts. */
import { Link } from 'wouter'
import type { Connection } from '../../../../shared/model/connection.ts'
import type { SettingsPart, VendorProfile } from '../../../../shared/model/vendor.ts'
import { useChannel } from '../../api.ts'
import { useBudgets } from '../../budgets.ts'
import { paths } from '../../paths.ts'
import { AccountBudget, Facts, Identifier, Time, formatDuration, formatNumber } from '../../ui/index.ts'
import { SecretExpiry } from './SecretExpiry.tsx'
import { describeCallSize, describeLimits, describeOwn, describePairForm, describeSigning } from './words.ts'

export function ConnectionFacts({
  connection,
  vendor,
}: {
  readonly connection: Connection
  readonly vendor: VendorProfile | null
}) {
  const has = (part: SettingsPart) => vendor?.settingsParts.includes(part) ?? false
  const { settings } = connection
  const budgets = useBudgets()
  const budget = budgets.find((candidate) => candidate.accountId === connection.accountId)
  const fixed = connection.firstUsedAt === null ? null : <span className="faint"> fixed after first use</span>
  return (
    <Facts
      facts={[
        [
          vendor?.originLabel ?? 'Origin',
          <>
            <span className="mono">{connection.origin}</span>
            {fixed}
          </>,
        ],
        [
          vendor?.clientId.label ?? 'Client id',
          <>
            <Identifier value={connection.clientId} />
            {fixed}
          </>,
        ],
        [
          vendor?.secret.label ?? 'Secret',
          connection.secretSavedAt === null ? (
            <span key="secret" className="danger-text">
              not in the keychain; edit the connection to give it
            </span>
          ) : (
            <>
              in the keychain, saved <Time at={connection.secretSavedAt} />
              {connection.retiredAt === null ? (
                <>
                  {' · '}
                  <Link href={paths.editConnection(connection.id)}>replace</Link>
                </>
              ) : null}
            </>
          ),
        ],
        [
          'Last day',
          settings.secretExpiresOn === null ? null : <SecretExpiry key="expiry" lastDay={settings.secretExpiresOn} />,
        ],
        ['Signing', has('signing') ? describeSigning(settings.signing) : null],
        ...(vendor?.ownSettings ?? []).map((setting) => [setting.label, describeOwn(setting, settings)] as const),
        ['Account', <AccountWords key="account" connection={connection} />],
        ['Limits', describeLimits(connection)],
        ['Used now', budget === undefined ? 'nothing yet' : <AccountBudget key="used" budget={budget} />],
        [
          'Identifiers per call',
          `${describeCallSize(connection)}${vendor?.callSize.follows === true ? ', by the settings above' : ''}`,
        ],
        [
          'Channel pairs',
          has('channel pairs') ? (
            <>
              {describePairForm(settings.pairForm)} <span className="faint">(not documented by the vendor)</span>
            </>
          ) : null,
        ],
        [
          'Erase call',
          `${has('method override') ? `${settings.methodOverride ? 'POST with x-http-method-override: delete' : 'DELETE'}, ` : ''}given up after ${formatDuration(settings.callTimeoutMilliseconds)}`,
        ],
        [
          'Look-up before sending',
          vendor?.lookUpWords === null
            ? null
            : settings.lookUpFirst
              ? 'of the vendor’s own id of every email, one call before each erase call'
              : 'off',
        ],
        [
          'Asking for status',
          `first after ${formatDuration(settings.firstPollMilliseconds)}, then ever more slowly, at the longest every ${formatDuration(settings.longestPollMilliseconds)}; waits vary by ${formatNumber(Math.round(settings.jitter * 1000) / 10)} %`,
        ],
        [
          'Quiet time',
          has('quiet time')
            ? `${formatDuration(settings.quietMilliseconds)} without a change, then identifiers that were not named become unconfirmed`
            : null,
        ],
        [
          'More words for failed',
          settings.failureWords.length === 0 ? null : (
            <span key="words" className="mono">
              {settings.failureWords.join(', ')}
            </span>
          ),
        ],
        ['Added', <Time key="added" at={connection.createdAt} />],
      ]}
    />
  )
}

/** Which account's limits it draws on, and with which other connections. */
function AccountWords({ connection }: { readonly connection: Connection }) {
  const connections = useChannel('listConnections', { retired: false })
  const others = (connections.data ?? []).filter(
    (other) => other.accountId === connection.accountId && other.id !== connection.id,
  )
  if (others.length === 0) return <>{connection.accountName}, its limits shared with no other connection</>
  return (
    <>
      {connection.accountName}, shares its limits with <i>{others.map((other) => other.name).join(', ')}</i>
    </>
  )
}
