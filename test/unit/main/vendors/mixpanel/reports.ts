/** Reports of calls as the wire gives them, for the tests of Mixpanel's folder. */
import type { ConnectionForCall, HttpReport, HttpTrouble } from '../../../../../src/main/core/ports.ts'
import { connectionSettingsSchema } from '../../../../../src/shared/model/connection.ts'
import type { CallStage } from '../../../../../src/shared/model/request.ts'

export const at = Date.parse('2026-11-23T09:00:00Z')
export const projectToken = '591b3354bb2bdd96f72f23bf56911673'
export const settings = connectionSettingsSchema.parse({})
export const connection = {
  origin: 'https://eu.mixpanel.com',
  clientId: projectToken,
  settings,
} as ConnectionForCall

export const page = '<!doctype html><html><head><title>Sign in</title></head><body>Welcome</body></html>'
export const rateText = 'Too Many Requests, this API is limited to 1 req/s'
export const vendorError = (error: unknown) => ({ error, status: 'error' })

export function answered(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpReport {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    stage: 'body',
    startedAt: at,
    endedAt: at,
    answer: { status, headers, body: text, cut: false },
    trouble: null,
  }
}

export function failed(stage: CallStage, kind: HttpTrouble['kind']): HttpReport {
  return { stage, startedAt: at, endedAt: at, answer: null, trouble: { kind, words: 'It did not go through.' } }
}

/** The connection broke in the middle of the answer. */
export function cutOff(status: number, body: unknown): HttpReport {
  return { ...tooLong(status, body), stage: 'headers', trouble: { kind: 'reset', words: 'The connection was cut.' } }
}

/** More came than is read. */
export function tooLong(status: number, body: unknown): HttpReport {
  const whole = answered(status, body)
  return { ...whole, answer: whole.answer === null ? null : { ...whole.answer, cut: true } }
}
