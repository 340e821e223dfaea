/** Which process is killed where, drawn from a seed. */
import type { Random } from '../../../src/main/core/ports.ts'
import { createSeededRandom } from '../../fakes/random.ts'
import type { Kill } from './engine-process.ts'
import { seerOf, steps, stepsOf, type Step, type Work } from './steps.ts'

/** Kills of one history, one after the other, each of a process that was started anew; `again`: what repeats them. */
export type Round = Readonly<{ name: string; work: Work; again: string; kills: readonly Kill[] }>

const worksInOrder: readonly Work[] = [
  'send',
  'split',
  'look up',
  'conflict',
  'take back',
  'copy',
  'import',
  'repeats',
  'migrate',
]
/** More processes than this die in no history. */
const killsPerRound: Readonly<Record<Work, number>> = {
  send: 12,
  split: 6,
  'look up': 6,
  conflict: 6,
  'take back': 7,
  copy: 7,
  import: 7,
  repeats: 7,
  migrate: 6,
}
/** Of all kills, those at random moments. */
const randomShare: Readonly<Record<Work, number>> = {
  send: 0.2,
  split: 0,
  'look up': 0,
  conflict: 0,
  'take back': 0,
  copy: 0,
  import: 0.06,
  repeats: 0.03,
  migrate: 0.05,
}
/** How long a step goes on, or when a random moment comes, in microseconds at most. */
const longest: Readonly<Record<'process' | 'line' | 'file' | 'clock', number>> = {
  process: 1500,
  line: 0,
  file: 4000,
  clock: 250_000,
}

/** `kills` kills in rounds; the same for the same seed. Every named step is among them where there are enough. */
export function planRounds(seed: string, kills: number): readonly Round[] {
  const random = createSeededRandom(seed)
  const chosen = chooseSteps(kills)
  return worksInOrder.flatMap((work) => {
    const own = shuffled(
      random,
      chosen.filter((step) => stepsOf(work).includes(step)),
    )
    const rounds = Math.ceil(own.length / killsPerRound[work])
    return Array.from({ length: rounds }, (_, round) => ({
      name: `${work} ${round + 1}`,
      work,
      again: `npm run test:chaos -- --seed ${seed} --kills ${kills}`,
      kills: own.filter((_step, index) => index % rounds === round).map((step) => killAt(random, step)),
    }))
  })
}

function chooseSteps(kills: number): readonly Step[] {
  const random = worksInOrder.flatMap((work) => {
    const step = stepsOf(work).find((each) => seerOf(each) === 'clock')
    return step === undefined ? [] : Array.from({ length: Math.round(kills * randomShare[work]) }, () => step)
  })
  const named = steps.filter(({ seer }) => seer !== 'clock').map(({ step }) => step)
  const left = Math.max(kills - random.length, 0)
  return [...random, ...Array.from({ length: left }, (_, index) => named[index % named.length] ?? 'after connect')]
}

/** A process takes over and decides once; calls and polls it makes many of. */
function comesOften(step: Step): boolean {
  const seer = seerOf(step)
  return (seer === 'process' || seer === 'line') && !/take-over|decision/.test(step)
}

function killAt(random: Random, step: Step): Kill {
  const seer = seerOf(step)
  return {
    step,
    skip: comesOften(step) ? Math.floor(random.fraction() * 2) : 0,
    microseconds: Math.floor(random.fraction() * longest[seer]),
  }
}

function shuffled<T>(random: Random, all: readonly T[]): readonly T[] {
  return all
    .map((one) => [random.fraction(), one] as const)
    .toSorted(([one], [other]) => one - other)
    .map(([, one]) => one)
}
