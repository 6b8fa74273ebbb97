import { bareBy } from './engine/left-bare.ts'
import type { World } from './engine/world.ts'
import { fault } from './errors.ts'
import * as access from './service/access.ts'
import { act } from './service/act.ts'
import type { Service } from './service/contract.ts'
import { createRollout } from './service/create-rollout.ts'
import { diffPlans } from './service/diff-plans.ts'
import { doctor } from './service/doctor.ts'
import type { Machine } from './service/doctor-machine.ts'
import { findingViews } from './service/drift-view.ts'
import { explainRollout } from './service/explain.ts'
import { everyFileRow, fileRows } from './service/file-rows.ts'
import { uploadFile } from './service/files.ts'
import { freeze, frozen, thaw } from './service/freeze.ts'
import { gatesView } from './service/gates-view.ts'
import { gatherPeople } from './service/gather-people.ts'
import { gatheringView } from './service/gathering-view.ts'
import { tokenList, uploadHardwareTokens, wipeHardwareTokens } from './service/hardware-tokens.ts'
import { keepIn, statusOf } from './service/keep.ts'
import { leftoversView } from './service/leftovers-view.ts'
import type { LimitsView } from './service/limits-view.ts'
import { eventView, memberView, needRollout, needWave, rolloutView, summaryOf } from './service/look.ts'
import { pass } from './service/pass.ts'
import { requireRole } from './service/permit.ts'
import { knownPerson, listPeople } from './service/person-facts.ts'
import { isItUsView } from './service/person-is-it-us.ts'
import { personNotices, previewNotices } from './service/person-notices.ts'
import { registerPhone } from './service/person-phone.ts'
import { personPreparation } from './service/person-preparation.ts'
import { questionsOf } from './service/person-questions.ts'
import { personWhy, whyInPlan } from './service/person-why.ts'
import { planPermissions } from './service/plan-permissions.ts'
import { planView } from './service/plan-view.ts'
import { previewEverybody, previewPlan } from './service/preview-plan.ts'
import { answerQuestion, listQuestions } from './service/questions.ts'
import { revisePlan } from './service/revise-plan.ts'
import { sessionsOfPerson } from './service/sessions-view.ts'
import { VERBS } from './service/verbs.ts'

export { type ErrorCode, Fault, fault } from './errors.ts'
export { BYTE_ORDER_MARK, type Cell, csvLine } from './people/csv-write.ts'
export {
  answerIsSchema as Answers,
  questionKindSchema as QuestionKinds,
  questionStateSchema as QuestionStates,
} from './people/question.ts'
export { verdictIsSchema as Verdicts } from './people/verdict-words.ts'
export { sayAbout } from './plan/units.ts'
export type { Caller, Service, StoredAnswer, VerbCall } from './service/contract.ts'
export { DoctorFinding, DoctorReport } from './service/doctor-finding.ts'
export { type FreezeAnswer, freezeAnswer } from './service/freeze.ts'
export type { GatherAnswer, GatherCall } from './service/gather-people.ts'
export { GatheringView } from './service/gathering-view.ts'
export { TokenListView } from './service/hardware-tokens.ts'
export { type Keep, statusOf } from './service/keep.ts'
export * from './service/limits-view.ts'
export { NoticesView } from './service/notices-view.ts'
export type { PassCall } from './service/pass-order.ts'
export * from './service/pass-view.ts'
export { KnownPersonView, PeoplePage, type PeopleWanted } from './service/person-facts.ts'
export type { PhoneAnswer, PhoneCall } from './service/person-phone-send.ts'
export { QuestionView } from './service/person-questions.ts'
export { PersonView } from './service/person-view.ts'
export { PlanPermissions } from './service/plan-permissions.ts'
export { type PreviewedView, PreviewView } from './service/preview-view.ts'
export { type AnswerCall, QuestionAnswer, QuestionsPage, type QuestionsWanted } from './service/questions.ts'
export * from './service/verbs.ts'
export * from './service/views.ts'
export { WhyView } from './service/why-view.ts'

export interface ServiceOptions {
  world: World
  machine: Machine
  limits: () => LimitsView
  /** Calls off what still waits for Microsoft when the server stops. */
  signal: AbortSignal
}

/** The application service: the only door for API, CLI and web. */
export function createService({ world, machine, limits, signal }: ServiceOptions): Service {
  const { store } = world
  const { read } = store
  return {
    async createRollout(caller, text, key, files, keep) {
      requireRole(caller, ['changeManager'], 'create')
      const { id, warnings } = await createRollout(world, caller, { text, files }, { key, keep }, signal)
      return { rollout: await rolloutView(world, id), warnings }
    },
    uploadFile: (caller, upload) => uploadFile(world, caller, upload),
    uploadHardwareTokens: (caller, upload) => uploadHardwareTokens(world, caller, upload),
    wipeHardwareTokens: (caller, digest) => wipeHardwareTokens(world, caller, digest),
    hardwareTokens: (digest) => tokenList(world, digest),
    fileRows: (caller, digest, page) => fileRows(world, caller, digest, page, signal),
    everyFileRow: (caller, digest, wanted) => everyFileRow(world, caller, digest, wanted, signal),
    async listRollouts() {
      const rollouts = await read.rollouts()
      return await Promise.all(
        rollouts.map(async (rollout) => summaryOf(read, rollout, await read.wavesOf(rollout.id))),
      )
    },
    showRollout: (id) => rolloutView(world, id),
    plan: (id, revision) => planView(world, id, revision),
    async revise(caller, call) {
      const revised = await revisePlan(world, caller, call, signal)
      return { ...revised, rollout: await rolloutView(world, call.rollout) }
    },
    diffPlans: (call) => diffPlans(world, call, signal),
    previewPlan: (given, names) => previewPlan(world, given, names, signal),
    previewEverybody: (given) => previewEverybody(world, given, signal),
    whyInPlan: (given, person) => whyInPlan(world, given, person, signal),
    personWhy: (person, rollout) => personWhy(world, person, rollout, signal),
    act: (caller, call, keep) => act(world, caller, call, signal, keep),
    async members(rollout, wave, { cursor, limit, outcome }) {
      await needRollout(read, rollout)
      const found = await needWave(read, rollout, wave)
      const after = cursor === undefined ? -1 : Number(cursor)
      if (!Number.isInteger(after))
        throw fault('requestInvalid', { detail: 'cursor is not one that this list gave out' })
      const members = await read.membersPage(found.id, after, limit, outcome)
      const last = members.at(-1)
      const deferrals = new Map((await read.deferrals(rollout)).map((one) => [one.personId, one]))
      return {
        members: members.map((member) => memberView(member, deferrals.get(member.personId))),
        next: members.length === limit && last ? String(last.position) : null,
      }
    },
    async member(rollout, person) {
      const found = await needRollout(read, rollout)
      const member = await read.member(rollout, person)
      if (!member) throw fault('personNotFound', { person, id: rollout })
      const deferral = await read.deferral(rollout, member.personId)
      const wave = (await read.wave(member.waveId))?.name ?? ''
      return {
        ...memberView(member, deferral),
        wave,
        preparations: await personPreparation(read, rollout, member.personId),
        sessions: await sessionsOfPerson(read, rollout, member.personId),
        notices: await personNotices(read, rollout, member.personId),
        isItUs: await isItUsView(world, found, member),
        questions: await questionsOf(world, member.personId),
      }
    },
    notices: (rollout, person) => previewNotices(world, rollout, person, signal),
    registerPhone: (caller, call, keep) => registerPhone(world, caller, call, signal, keep),
    gathering: () => gatheringView(world),
    gatherPeople: (caller, call, keep) => gatherPeople(world, caller, call, keep),
    knownPerson: (who, rollout) => knownPerson(world, who, rollout, signal),
    listPeople: (wanted) => listPeople(world, wanted, signal),
    listQuestions: (wanted) => listQuestions(world, wanted),
    answerQuestion: (caller, call, keep) => answerQuestion(world, caller, call, keep),
    async leftOut(rollout) {
      await needRollout(read, rollout)
      const people = await read.leftOut(rollout)
      return people.map(({ person_id: personId, display_name: displayName, upn, reason }) => ({
        personId,
        upn,
        displayName,
        reason,
      }))
    },
    async leftovers(rollout) {
      await needRollout(read, rollout)
      return await leftoversView(read, rollout)
    },
    async drift(rollout) {
      await needRollout(read, rollout)
      const drift = await read.driftOf(rollout)
      return findingViews(drift, await bareBy(read, rollout, await read.openDrift(rollout)))
    },
    async gates(rollout, wave) {
      await needRollout(read, rollout)
      return await gatesView(world, await needWave(read, rollout, wave))
    },
    explain: (rollout) => explainRollout(world, rollout),
    async events(rollout, after, limit) {
      if (rollout !== null) await needRollout(read, rollout)
      const events = await read.events(rollout, after, limit)
      const names = new Map<string, string>()
      for (const id of new Set(events.flatMap((event) => event.rolloutId ?? []))) {
        for (const wave of await read.wavesOf(id)) names.set(wave.id, wave.name)
      }
      return events.map((event) => eventView(event, names))
    },
    onEvents: (listener) => store.onCommit((events) => (events.length > 0 ? listener() : undefined)),
    answered: (caller, key, request) => access.answered(world, caller, key, request),
    remember: (caller, keep, answer) => store.tx((writer) => keepIn(writer, world, caller, keep, answer)),
    createToken: (caller, person, role, keep) => access.createToken(world, caller, person, role, keep),
    async pass(caller, call, keep) {
      requireRole(caller, VERBS.pass.roles, 'pass')
      if (call.reason.trim() === '') throw fault('reasonMissing', { verb: 'pass' })
      return await pass(world, caller, call, {
        place: { rolloutId: null, waveId: null },
        ask: { lane: 'change', signal },
        keep: (writer, body) => keepIn(writer, world, caller, keep, { status: statusOf(body), body }),
      })
    },
    listTokens: (caller) => access.listTokens(world, caller),
    revokeToken: (caller, id) => access.revokeToken(world, caller, id),
    authenticate: (token) => access.authenticate(world, token),
    requireRole,
    freeze: (caller, reason, dryRun, keep) => freeze(world, caller, reason, dryRun, keep),
    thaw: (caller, reason, dryRun, keep) => thaw(world, caller, reason, dryRun, keep),
    frozen: () => frozen(read),
    limits,
    doctor: (given) => doctor(world, machine, given, signal),
    planPermissions: (given) => planPermissions(world, given),
  }
}
