/** Plays one round: processes that work on one history and are killed, one after the other, until one may finish. */
import type { Round } from './plan.ts'
import { koreWindows } from '../../../src/main/vendors/kore/limits.ts'
import { openSendingDesk, type SendingDesk } from './desk.ts'
import type { Kill } from './engine-process.ts'
import { playImports } from './import-round.ts'
import { playMigrations } from './migration-round.ts'
import type { Engines } from './processes.ts'
import { playRepeats } from './repeats-round.ts'
import { seerOf, type Step } from './steps.ts'

/** Plays the round; throws where the history lost, repeated or claimed something. Gives the steps at which it killed. */
export async function playRound(engines: Engines, round: Round): Promise<readonly Step[]> {
  try {
    await players[round.work](engines, round)
    return round.kills.map(({ step }) => step)
  } catch (error) {
    const kills = round.kills.map(({ step, skip, microseconds }) => `  ${step} (${skip}, ${microseconds} µs)`)
    const words = error instanceof Error ? error.message : String(error)
    throw new Error(`${words}\nRound ${round.name} of ${round.again}:\n${kills.join('\n')}`, {
      cause: error,
    })
  }
}

const players = {
  send: playSending,
  split: playSplits,
  'look up': playLookUps,
  conflict: playConflicts,
  'take back': playTakingBack,
  copy: playCopies,
  import: playImports,
  repeats: playRepeats,
  migrate: playMigrations,
} as const

const perCall = 2
/** Mixpanel's window, twenty times as fast; the simulated vendor and the history are given the same one. */
const mixpanelWindows = [{ milliseconds: 50, calls: 1 }] as const
/** So many batches are there to be sent when a process starts; one that is killed at a random moment may send more. */
const batchesToSend = { step: 4, moment: 16 } as const
/** Sent beside them, so that a new request is not needed for every process. */
const spareBatches = 8

async function playSending(engines: Engines, { kills }: Round): Promise<void> {
  await playOn(await openSendingDesk(engines, { perCall }), kills)
}

/** The same on the vendor's own windows, as they are. */
export async function playOnRealWindows(engines: Engines, kills: readonly Kill[]): Promise<void> {
  await playOn(await openSendingDesk(engines, { perCall, windows: koreWindows }), kills)
}

async function playOn(desk: SendingDesk, kills: readonly Kill[]): Promise<void> {
  try {
    for (const kill of kills) {
      const wanted = perCall * batchesToSend[seerOf(kill.step) === 'clock' ? 'moment' : 'step']
      if (desk.count('queued') < wanted) await desk.send(wanted + perCall * spareBatches)
      const decides = kill.step.startsWith('in a decision')
      if (decides || kill.step.startsWith('in a take-over')) await leaveDoubt(desk, decides)
      await desk.killed(kill, decides)
      await desk.judge('killed')
    }
    await desk.finish()
    await desk.judge('finished')
    if (await desk.decide('send again')) await desk.finish()
    await desk.judge('finished')
  } finally {
    await desk.remove()
  }
}

/** Sees to it that a call is in doubt: as the dead left it, or (`isTakenOver`) as the next process found it. */
async function leaveDoubt(desk: SendingDesk, isTakenOver: boolean): Promise<void> {
  if (desk.count(isTakenOver ? 'outcome unknown' : 'sending') > 0) return
  if (desk.count('sending') === 0) await desk.killed({ step: 'after connect', skip: 0, microseconds: 0 })
  if (!isTakenOver) return
  await desk.killed({ step: 'in a take-over, after the calls of the dead are ended', skip: 0, microseconds: 0 })
}

const largest = 2
const perSplitCall = 8

async function playSplits(engines: Engines, { kills }: Round): Promise<void> {
  const desk = await openSendingDesk(engines, { perCall: perSplitCall, sandbox: { maximumIdentifiers: largest } })
  desk.keepCallsLarge()
  try {
    for (const kill of kills) {
      await desk.send(2 * perSplitCall)
      // The smallest halves go first, so that the next call is one.
      if (kill.step === 'in a split, in the middle of the body of a part')
        await desk.killed({ step: 'in a split, after the halves are made', skip: 0, microseconds: 0 })
      await desk.killed(kill)
      await desk.judge('killed')
    }
    await desk.finish()
    await desk.decide('treat as sent')
    await desk.judge('finished')
  } finally {
    await desk.remove()
  }
}

/** Everybody is named by an id of the vendor's own, so that only a look-up tells who was erased. */
async function playLookUps(engines: Engines, { kills }: Round): Promise<void> {
  const desk = await openSendingDesk(engines, { perCall, lookUpFirst: true })
  try {
    for (const kill of kills) {
      if (desk.count('queued') < perCall * batchesToSend.step) await desk.send(perCall * batchesToSend.step)
      await desk.killed(kill)
      await desk.judge('killed')
    }
    await desk.finish()
    await desk.judge('finished')
    if (desk.count('unconfirmed') > 0) throw new Error('Somebody who was looked up is unconfirmed')
  } finally {
    await desk.remove()
  }
}

const perConflictCall = 4

/** Every call names somebody whom another's task has, one that ends well or one that is revoked. */
async function playConflicts(engines: Engines, { kills }: Round): Promise<void> {
  const kinds = ['sandbox-in-running-task', 'person', 'sandbox-in-running-task-revoked', 'person']
  const desk = await openSendingDesk(engines, {
    perCall: perConflictCall,
    windows: mixpanelWindows,
    mixpanel: {
      processing: { pendingMilliseconds: 700, stagingMilliseconds: 0, startedMilliseconds: 200 },
      nameOf: (number) => `${kinds[number % kinds.length]}-${number}`,
    },
  })
  try {
    for (const kill of kills) {
      await desk.send(3 * perConflictCall)
      await desk.killed(kill)
      await desk.judge('killed')
    }
    await desk.finish()
    await desk.judge('finished')
    if (await desk.decide('send again')) await desk.finish()
    await desk.judge('finished')
  } finally {
    await desk.remove()
  }
}

/** Accepted tasks wait at the vendor for as long as somebody needs to have them taken back. */
async function playTakingBack(engines: Engines, { kills }: Round): Promise<void> {
  const desk = await openSendingDesk(engines, {
    perCall,
    windows: mixpanelWindows,
    mixpanel: {
      processing: { pendingMilliseconds: 8_000, stagingMilliseconds: 0, startedMilliseconds: 200 },
      nameOf: (number) => `person-${number}`,
    },
  })
  try {
    for (const kill of kills) {
      await desk.send(3 * perCall)
      // Whatever was wanted before is carried out first; then three new tasks are there to be taken back.
      await desk.killed({ step: 'after the answer is stored', skip: 2, microseconds: 0 })
      if ((await desk.takeBack()) < 2) throw new Error('Too few tasks are there to be taken back')
      await desk.killed(kill)
      await desk.judge('killed')
    }
    await desk.takeBack()
    await desk.finish()
    await desk.judge('finished')
    if (desk.count('revoked') === 0) throw new Error('Nothing was taken back')
  } finally {
    await desk.remove()
  }
}

/** Copies are made beside erasures; what is in doubt of them is asked for again by a person alone. */
async function playCopies(engines: Engines, { kills }: Round): Promise<void> {
  const desk = await openSendingDesk(engines, {
    perCall,
    windows: mixpanelWindows,
    mixpanel: {
      processing: { pendingMilliseconds: 0, stagingMilliseconds: 0, startedMilliseconds: 200 },
      nameOf: (number) => `person-${number}`,
    },
  })
  try {
    for (const kill of kills) {
      if ((await desk.askForCopies(await desk.send(2 * perCall))) < 2) throw new Error('Too few copies to be made')
      await desk.killed(kill)
      await desk.judge('killed')
    }
    await desk.finish()
    await desk.judge('finished')
    if ((await desk.askAgainForCopies()) > 0) await desk.finish()
    await desk.judge('finished')
  } finally {
    await desk.remove()
  }
}
