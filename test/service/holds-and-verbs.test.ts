import { expect, test } from 'vitest'
import type { Hold, HoldKind, RolloutState, Saved, WaveState } from '../../machines/language.ts'
import { VERBS, type Verb } from '../../src/service/verbs.ts'
import type { Caller, VerbCall } from '../../src/service.ts'
import { gates, planText } from '../engine/plan-of-waves.ts'
import { ANDERS, METTE, ONA, openRig, type Rig } from '../engine/rig.ts'
import { rolloutIn, waveIn } from '../machines/every-state.ts'

/** What ends a wave or rollout takes its holds along; these tests are about what lifts one and lets it go on. */
const ENDING: readonly Verb[] = ['rollback', 'abort', 'reject']

const GATE = 'lockedOut'

/** Where each hold of a wave stands, and the verbs that lift it: the table of the design, and nothing beside it. */
const OF_A_WAVE: [kind: HoldKind, state: WaveState, lifted: Verb[]][] = [
  ['user', 'soaking', ['resume']],
  ['error', 'enforcing', ['resume', 'retry']],
  ['stuck', 'enforcing', ['resume', 'retry']],
  ['empty', 'checkingReadiness', ['skip']],
  ['gateUnknown', 'soaking', ['resume', 'advance']],
  ['gateFailed', 'soaking', ['resume', 'advance']],
  ['gateFailed', 'checkingReadiness', ['resume', 'advance']],
  ['budgetSpent', 'soaking', ['accept']],
  ['budgetSpent', 'enforcing', ['accept']],
  ['approvalExpired', 'awaitingApproval', ['approve']],
]

/** Of a rollout, with what else a call would need left out: `rearm`, `accept` and `revert` have tests of their own. */
const OF_A_ROLLOUT: [kind: HoldKind, lifted: Verb[]][] = [
  ['user', ['resume']],
  ['error', ['resume']],
  ['waveRolledBack', ['resume']],
  ['rejected', []],
  ['freeze', []],
  ['disarmed', []],
  ['drift', []],
]

async function waiting(): Promise<{ rig: Rig; id: string; wave: string }> {
  const rig = await openRig({ people: 30 })
  const id = await rig.started(planText({ gates: gates({ approval: { from: 'approver' } }) }))
  await rig.until('wave.awaitingApproval')
  return { rig, id, wave: `${id}.1` }
}

function held(saved: Saved, kind: HoldKind): Saved {
  const gate = kind.startsWith('gate') || kind === 'budgetSpent' ? { gate: GATE } : {}
  const hold: Hold = { kind, since: 1, by: 'wavegate', reason: 'a test', ...gate }
  const snapshot = structuredClone(saved.snapshot)
  ;(snapshot.context as { holds: Hold[] }).holds = [hold]
  return { ...saved, snapshot }
}

async function putWave(rig: Rig, id: string, state: WaveState, saved: Saved): Promise<void> {
  await rig.wavegate.store.tx(async (writer) => {
    await writer.saveInstance('wave', id, (await writer.wave(id))?.version ?? 0, state, saved)
  })
}

async function putRollout(rig: Rig, id: string, state: RolloutState, saved: Saved): Promise<void> {
  await rig.wavegate.store.tx(async (writer) => {
    await writer.saveInstance('rollout', id, (await writer.rollout(id))?.version ?? 0, state, saved)
  })
}

const CALLERS: Partial<Record<Verb, Caller>> = { approve: ANDERS, accept: ANDERS, revert: ONA, retry: ONA }

/** The call for real; whether it was taken. */
async function say(rig: Rig, id: string, verb: Verb, kind: HoldKind, wave?: string): Promise<boolean> {
  const isGate = kind.startsWith('gate') || kind === 'budgetSpent'
  const more: Partial<VerbCall> = {
    ...(wave === undefined ? {} : { wave }),
    ...(isGate && (verb === 'advance' || verb === 'accept') ? { gates: [GATE] } : {}),
    ...(verb === 'extend' || verb === 'shorten' ? { by: '1h' } : {}),
  }
  try {
    return (await rig.act(CALLERS[verb] ?? METTE, verb, id, more)).changed
  } catch (error) {
    expect(error).toMatchObject({ name: 'Fault', status: expect.any(Number), hint: expect.any(String) })
    return false
  }
}

const verbsOn = (subject: 'wave' | 'rollout') =>
  (Object.keys(VERBS) as Verb[]).filter((verb) => VERBS[verb].on.includes(subject) && !ENDING.includes(verb))

/** What a spent budget is accepted by: how many it counted. */
async function judged(rig: Rig, rolloutId: string, waveId: string): Promise<void> {
  const evidence = { value: 1, threshold: 0, unit: 'people', n: 1, window: null, source: 'a test' } as const
  const rest = { fetchedAt: 1, rule: '', nextEvaluation: null, earliestDecision: null }
  const result = { gate: GATE, verdict: 'fail', says: 'a test', evidence: { ...evidence, ...rest } } as const
  await rig.wavegate.store.tx((writer) =>
    writer.recordGate({ rolloutId, waveId, gate: GATE, verdict: 'fail', at: 1, result }),
  )
}

test('each hold of a wave is lifted by the verbs that are said to lift it, and by no other', async () => {
  const { rig, id, wave } = await waiting()
  await judged(rig, id, wave)
  for (const [kind, state, lifted] of OF_A_WAVE) {
    const found: Verb[] = []
    for (const verb of verbsOn('wave')) {
      await putWave(rig, wave, state, held(waveIn(state).saved, kind))
      const taken = await say(rig, id, verb, kind, 'test-user')
      const { holds } = (await rig.show(id)).waves[0] ?? { holds: [] }
      if (taken && !holds.some((hold) => hold.kind === kind)) found.push(verb)
    }
    expect(found.toSorted(), `${kind} of a wave in ${state}`).toEqual(lifted.toSorted())
  }
})

test('so is each hold of a rollout; and what a verb of its own lifts, no other does', async () => {
  const { rig, id } = await waiting()
  for (const [kind, lifted] of OF_A_ROLLOUT) {
    const found: Verb[] = []
    for (const verb of verbsOn('rollout').filter((one) => one !== 'restart')) {
      await putRollout(rig, id, 'running', held(rolloutIn('running').saved, kind))
      const taken = await say(rig, id, verb, kind)
      const { holds } = await rig.show(id)
      if (taken && !holds.some((hold) => hold.kind === kind)) found.push(verb)
    }
    expect(found.toSorted(), `${kind} of a rollout`).toEqual(lifted.toSorted())
  }
})

test('what lifts a hold is said with it', async () => {
  const { rig, id, wave } = await waiting()
  for (const [kind, state, lifted] of OF_A_WAVE) {
    await putWave(rig, wave, state, held(waveIn(state).saved, kind))
    const [hold] = (await rig.show(id)).waves[0]?.holds ?? []
    for (const verb of lifted) expect(hold?.liftedBy, `${kind}: ${verb}`).toContain(verb)
  }
})
