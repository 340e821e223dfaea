import type { IncomingHttpHeaders } from 'node:http'
import type { Answer } from './answer.ts'
import type { LedgerChange, LedgerEntry, Verdict } from './ledger.ts'

/** The head of a call, as it stands when its headers have arrived. */
export type CallHead = {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  readonly receivedAt: number
}

/** A body as far as the vendor reads it. */
export type CallBody = { readonly text: string; readonly tooLarge: boolean }

/** What the vendor decides, what the ledger says of it, and whether the answer comes late. */
export type Outcome = {
  readonly answer: Answer
  readonly slow: boolean
  readonly ledger: LedgerChange & { readonly verdict: Verdict }
}

/** A call whose headers were read: its place in the rate windows is taken, nothing else is decided. */
type ReceivedCall = {
  /** What the ledger can say of it already. */
  readonly ledger: Pick<LedgerEntry, 'vendor' | 'call' | 'jti' | 'appId' | 'projectToken' | 'accountId'>
  /** Decides about it once its body is there. What takes effect has taken effect when this resolves. */
  readonly decide: (body: CallBody) => Promise<Outcome>
}

/** One vendor's side of its calls, on a clock of the caller's choice. */
export type Simulator = {
  /** Takes note of a call the moment its headers are there. */
  readonly receive: (head: CallHead) => ReceivedCall
  /** Forgets what was asked of it, its rate windows and the faults that struck. Credentials stay. */
  readonly reset: () => void
}

/** An outcome whose answer comes without delay. */
export function ended(verdict: Verdict, answer: Answer, ledger: LedgerChange = {}): Outcome {
  return { answer, slow: false, ledger: { ...ledger, verdict } }
}
