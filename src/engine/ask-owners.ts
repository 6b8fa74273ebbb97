import { questionsAbout } from '../people/ask-owner.ts'
import { type Question, stateOf } from '../people/question.ts'
import { filledInCount, signsOf } from '../people/signs.ts'
import type { Writer } from '../store/store.ts'
import { failedSources } from './cohort-verdicts.ts'
import { everybodyKnown, withFailures } from './people-summary.ts'
import { planOf } from './plan-of.ts'
import type { World } from './world.ts'

const UNDER_WAY: readonly string[] = [
  'draft',
  'running',
  'rollingBack',
  'rollbackFailed',
  'graduating',
  'graduated',
]

/**
 * Looks at everybody who is known, after they were read, for old programs and accounts that are no people, and asks
 * about each whoever knows. What was answered stays answered. Emergency accounts of a plan are known for what they are.
 */
export async function askOwners(world: World): Promise<void> {
  const count = filledInCount()
  for await (const page of everybodyKnown(world, null)) for (const facts of page) count.add(facts)
  const filledIn = count.filledIn()
  const failed = await failedSources(world)
  const known = await emergencyAccounts(world)
  const asked: Question[] = []
  const withdrawn: Question[] = []
  for await (const page of everybodyKnown(world, null)) {
    const earlier = await world.store.read.questionsAmong(page.map(({ id }) => id))
    const now = world.clock.now()
    const changed = page.flatMap((one) => {
      const facts = withFailures(one, failed)
      const before = earlier.get(one.id) ?? []
      const isEmergency = known.has(one.upn) || known.has(one.id)
      const questions = isEmergency
        ? before.map((question) => ({ ...question, withdrawnAt: question.withdrawnAt ?? now }))
        : questionsAbout({ facts, signs: signsOf(facts, filledIn), earlier: before, now })
      for (const question of questions) {
        const was = before.find((other) => other.id === question.id)
        const [old, state] = [was && stateOf(was, now), stateOf(question, now)]
        if (state === 'open' && old !== 'open') asked.push(question)
        if (state === 'withdrawn' && old === 'open') withdrawn.push(question)
      }
      return questions
    })
    if (changed.length > 0)
      await world.store.tx(async (writer) => {
        for (const question of changed) await writer.saveQuestion(question)
      })
  }
  if (asked.length + withdrawn.length > 0)
    await world.store.tx((writer) => say(writer, world, asked, withdrawn))
}

async function say(
  writer: Writer,
  world: World,
  asked: readonly Question[],
  withdrawn: readonly Question[],
): Promise<void> {
  const of = (questions: readonly Question[]) => questions.map(({ id }) => id)
  await writer.append({
    at: world.clock.now(),
    rolloutId: null,
    type: 'questions.asked',
    actor: 'wavegate',
    data: { asked: of(asked), withdrawn: of(withdrawn) },
  })
}

/** By sign-in name or object id, as plans name them. */
async function emergencyAccounts(world: World): Promise<ReadonlySet<string>> {
  const rollouts = (await world.store.read.rollouts()).filter(({ state }) => UNDER_WAY.includes(state))
  return new Set(
    rollouts.flatMap((rollout) =>
      planOf(rollout).protect.emergencyAccounts.map((name) => name.toLowerCase()),
    ),
  )
}
