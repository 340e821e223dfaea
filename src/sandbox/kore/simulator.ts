import { html, json, text, type Answer } from '../answer.ts'
import { behaviours, type Behaviour, type Effect } from '../behaviours.ts'
import type { RefusalName, SandboxApp, SandboxConfig } from '../config.ts'
import type { LedgerChange, UserIdEntry, Verdict } from '../ledger.ts'
import type { SandboxPorts } from '../ports.ts'
import { createRateMeter, retryAfterHeaders, type RateDecision } from '../rate-windows.ts'
import { ended, type CallBody, type CallHead, type Outcome, type Simulator } from '../simulator.ts'
import { createStrikes } from '../strikes.ts'
import { botsAnswer, usersInfoAnswer } from './directory.ts'
import { readEraseBody, readUsersInfoBody } from './erase-body.ts'
import { behavioursOf, settledAt, statusAnswer, type Erasure } from './erasure.ts'
import { faultyAnswer } from './faults.ts'
import { routeOf, type Route } from './route.ts'
import { checkToken, createUsedTokens, readClaims } from './token.ts'

/** A call as it stands when its headers were read. */
type KoreCall = { readonly head: CallHead; readonly route: Route | null; readonly rate: RateDecision }

const fits: RateDecision = { fits: true }

/** Kore.ai's erase and status calls, and the two beside them, on a clock of the caller's choice. */
export function createKoreSimulator(config: SandboxConfig, { clock, random }: SandboxPorts): Simulator {
  const meters = new Map(config.accounts.map(({ accountId, windows }) => [accountId, createRateMeter(windows)]))
  const usedTokens = createUsedTokens()
  const strikes = createStrikes(config.faults.times)
  const startedAt = clock.now()
  const erasures = new Map<string, Erasure>()
  const asked = new Map<string, number>()

  return {
    receive: (head) => {
      const route = routeOf(head.url.pathname)
      const { appId, jti } = readClaims(authHeader(head))
      const accountId = config.apps.find(({ clientId }) => clientId === appId)?.accountId ?? null
      const limited = route !== null && accountId !== null && config.limitedCalls.includes(route.call)
      const rate = limited ? (meters.get(accountId)?.take(head.receivedAt) ?? fits) : fits
      return {
        ledger: { vendor: 'kore', call: route?.call ?? 'other', jti, appId, projectToken: null, accountId },
        decide: (body) => decide({ head, route, rate }, body),
      }
    },

    reset: () => {
      for (const meter of meters.values()) meter.reset()
      usedTokens.reset()
      strikes.reset()
      erasures.clear()
      asked.clear()
    },
  }

  async function decide({ head, route, rate }: KoreCall, body: CallBody): Promise<Outcome> {
    if (route === null) return ended('unknown-path', html(404, `Cannot ${head.method} ${head.url.pathname}`))
    if (!rate.fits) return ended('rate-limited', overLimitAnswer(rate.retryAfterMilliseconds))
    if (methodOf(head) !== route.method) return refused('method-refused', 'methodNotAllowed')
    const vendorNow = clock.now() + config.clockSkewMilliseconds
    const token = await checkToken(authHeader(head), config.apps, usedTokens, vendorNow)
    if (!token.accepted) return refused('token-refused', token.refusal)
    if (!token.app.scopes.includes(route.call)) return refused('scope-refused', 'wrongScope')
    if (body.tooLarge) return refused('too-large', 'tooLarge')
    switch (route.call) {
      case 'erase':
        return erase(token.app, head, body.text)
      case 'status':
        return status(token.app, route.requestId ?? '')
      case 'bots':
        return ended('accepted', json(200, botsAnswer(config, token.app, head.url.searchParams, startedAt)))
      case 'users-info':
        return usersInfo(head, body.text)
      default:
        return route.call satisfies never
    }
  }

  function erase(app: SandboxApp, head: CallHead, body: string): Outcome {
    const read = readEraseBody(head.headers['content-type'], body)
    if (!read.accepted) return refused('body-refused', read.refusal)
    const { userIds, botIds, removeDataFromAllBots } = read.value
    const asksFor = userIds
      .flatMap((entry) => behavioursOf(entry).map((behaviour) => ({ entry, behaviour })))
      .toSorted((one, other) => behaviours.indexOf(one.behaviour) - behaviours.indexOf(other.behaviour))
    const ledger = {
      removeDataFromAllBots,
      botIds,
      identifierCount: userIds.length,
      identifiers: userIds,
      behaviours: [...new Set(asksFor.map(({ behaviour }) => behaviour.name))],
    }
    if (config.maximumIdentifiers !== null && userIds.length > config.maximumIdentifiers)
      return refused('too-large', 'tooLarge', ledger)
    const refusal = asksFor.map(({ behaviour }) => behaviour.effect).find(isRefusal)?.refusal
    if (refusal !== undefined) return refused('identifier-refused', refusal, ledger)

    const struck = firstFault(asksFor)
    if (struck?.recorded === false) return ended('fault', faultyAnswer(struck.fault, { kind: 'cut' }), ledger)

    const requestId = `eud-${random.uuid()}`
    erasures.set(requestId, {
      requestId,
      accountId: app.accountId,
      recordedAt: clock.now(),
      ordinal: erasures.size,
      entries: userIds,
      removeDataFromAllBots,
    })
    const recorded = { ...ledger, requestId, tookEffect: true }
    const meant = json(200, { requestId, status: 'in-progress' })
    if (struck !== undefined) return ended('fault', faultyAnswer(struck.fault, meant), recorded)
    const slow = asksFor.some(({ behaviour }) => behaviour.effect.at === 'erase' && behaviour.effect.does === 'slow')
    return { ...ended('accepted', meant, recorded), slow }
  }

  function usersInfo(head: CallHead, body: string): Outcome {
    const read = readUsersInfoBody(head.headers['content-type'], body)
    if (!read.accepted) return refused('body-refused', read.refusal)
    const { emailIds } = read.value
    const asksFor = emailIds.flatMap((entry) =>
      behavioursOf(entry).flatMap(({ name, effect }) => (effect.at === 'look-up' ? [{ entry, name, effect }] : [])),
    )
    const ledger = {
      identifierCount: emailIds.length,
      identifiers: emailIds,
      behaviours: [...new Set(asksFor.map(({ name }) => name))],
    }
    const meant = json(200, usersInfoAnswer(emailIds))
    for (const { entry, name, effect } of asksFor) {
      if (effect.does !== 'fault' || !strikes.strike(JSON.stringify([name, entry]))) continue
      return ended('fault', faultyAnswer(effect.fault, meant), ledger)
    }
    return { ...ended('accepted', meant, ledger), slow: asksFor.some(({ effect }) => effect.does === 'slow') }
  }

  /** The fault that comes first in the table of behaviours and has strikes left. */
  function firstFault(asksFor: readonly { readonly entry: UserIdEntry; readonly behaviour: Behaviour }[]) {
    for (const { entry, behaviour } of asksFor) {
      const { effect } = behaviour
      if (effect.at !== 'erase' || effect.does !== 'fault') continue
      if (strikes.strike(JSON.stringify([behaviour.name, entry]))) return effect
    }
    return undefined
  }

  function status(app: SandboxApp, requestId: string): Outcome {
    const erasure = erasures.get(requestId)
    if (erasure === undefined || erasure.accountId !== app.accountId)
      return refused('unknown-request', 'unknownRequest', { requestId })
    const asksFor = new Map(erasure.entries.flatMap(behavioursOf).map(({ name, effect }) => [name, effect]))
    const effects = [...asksFor.values()].filter((effect) => effect.at === 'status')
    const now = clock.now()
    if (effects.some(({ does }) => does === 'vanish') && now >= settledAt(erasure, config.processing))
      return refused('unknown-request', 'unknownRequest', { requestId })

    const before = asked.get(requestId) ?? 0
    asked.set(requestId, before + 1)
    const meant = json(200, statusAnswer(erasure, before, now, config))
    for (const [name, effect] of asksFor) {
      if (effect.at !== 'status' || effect.does !== 'fault') continue
      if (strikes.strike(JSON.stringify([name, requestId])))
        return ended('fault', faultyAnswer(effect.fault, meant), { requestId })
    }
    return { ...ended('accepted', meant, { requestId }), slow: effects.some(({ does }) => does === 'slow') }
  }

  function methodOf(head: CallHead): string {
    const override = head.headers['x-http-method-override']
    const overridden = config.allowMethodOverride && head.method === 'POST' && typeof override === 'string'
    return overridden ? override.toUpperCase() : head.method
  }

  function refused(verdict: Verdict, name: RefusalName, ledger: LedgerChange = {}): Outcome {
    const { status: httpStatus, code, message } = config.errors[name]
    return ended(verdict, json(httpStatus, { errors: [{ msg: message, code }] }), ledger)
  }

  function overLimitAnswer(milliseconds: number): Answer {
    const { status: httpStatus, code, message, body, retryAfter } = config.overLimit
    const headers = retryAfterHeaders(retryAfter, milliseconds, clock.now() + config.clockSkewMilliseconds)
    if (body === 'text') return text(httpStatus, message, headers)
    return json(httpStatus, { errors: [{ msg: message, code }] }, headers)
  }
}

function authHeader(head: CallHead): string | undefined {
  const { auth } = head.headers
  return Array.isArray(auth) ? auth.join(', ') : auth
}

function isRefusal(effect: Effect): effect is Extract<Effect, { readonly does: 'refuse' }> {
  return effect.at === 'erase' && effect.does === 'refuse'
}
