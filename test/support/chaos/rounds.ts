/** Plays one round: processes that work on one history and are killed, one after the other, until one may finish. */
import type { Round } from './plan.ts'
import { openSendingDesk } from './desk.ts'
import { playImports } from './import-round.ts'
import { playMigrations } from './migration-round.ts'
import type { Engines } from './processes.ts'
import { seerOf, type Step } from './steps.ts'

/** Plays the round; throws where the history lost, repeated or claimed something. Gives the steps at which it killed. */
export async function playRound(engines: Engines, round: Round): Promise<readonly Step[]> {
  try {
    await players[round.work](engines, round)
    return round.kills.map(({ step }) => step)
  } catch (error) {
    const kills = round.kills.map(({ step, skip, microseconds }) => `  ${step} (${skip}, ${microseconds} µs)`)
    const words = error instanceof Error ? error.message : String(error)
    throw new Error(`${words}\nSeed: ${round.seed}. Kills:\n${kills.join('\n')}`, { cause: error })
  }
}

const players = { send: playSending, split: playSplits, import: playImports, migrate: playMigrations } as const

const perCall = 2
/** So many batches are there to be sent when a process starts; one that is killed at a random moment may send more. */
const batchesToSend = { step: 4, moment: 20 } as const

async function playSending(engines: Engines, { kills }: Round): Promise<void> {
  const desk = await openSendingDesk(engines, { perCall })
  try {
    for (const kill of kills) {
      const wanted = perCall * batchesToSend[seerOf(kill.step) === 'clock' ? 'moment' : 'step']
      if (desk.count('queued') < wanted) await desk.send(wanted)
      await desk.killed(kill, kill.step.startsWith('in a decision') ? 'outcome unknown' : undefined)
      await desk.judge('killed')
    }
    await desk.finish()
    await desk.judge('finished')
    if (await desk.decide('outcome unknown', 'send again')) await desk.finish()
    await desk.judge('finished')
  } finally {
    await desk.remove()
  }
}

const largest = 2
const perSplitCall = 8

async function playSplits(engines: Engines, { kills }: Round): Promise<void> {
  const desk = await openSendingDesk(engines, { perCall: perSplitCall, sandbox: { maximumIdentifiers: largest } })
  try {
    for (const kill of kills) {
      const isTaking = kill.step.includes('taken in')
      if (isTaking || desk.count('held') === 0) await desk.send(2 * perSplitCall)
      if (!isTaking && desk.count('held') === 0) await desk.finish()
      await desk.killed(kill, isTaking ? undefined : 'held')
      await desk.judge('killed')
    }
    await desk.finish()
    while (await desk.decide('held', 'release')) await desk.finish()
    await desk.decide('outcome unknown', 'treat as sent')
    await desk.judge('finished')
  } finally {
    await desk.remove()
  }
}
