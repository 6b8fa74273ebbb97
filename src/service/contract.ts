import type { GivenPlan } from './check-plan.ts'
import type { DiffCall } from './diff-plans.ts'
import type { DoctorReport } from './doctor-finding.ts'
import type { RowsSelected, RowsWanted } from './file-rows.ts'
import type { Upload } from './files.ts'
import type { GatherAnswer, GatherCall } from './gather-people.ts'
import type { GatheringView } from './gathering-view.ts'
import type { TokenListView } from './hardware-tokens.ts'
import type { Keep } from './keep.ts'
import type { LimitsView } from './limits-view.ts'
import type { NoticesView } from './notices-view.ts'
import type { PassCall } from './pass-order.ts'
import type { PassAnswer } from './pass-view.ts'
import type { KnownPersonView, PeoplePage, PeopleWanted } from './person-facts.ts'
import type { PhoneAnswer, PhoneCall } from './person-phone-send.ts'
import type { PersonView } from './person-view.ts'
import type { PlanPermissions } from './plan-permissions.ts'
import type { PreviewedView, PreviewView } from './preview-view.ts'
import type { AnswerCall, QuestionAnswer, QuestionsPage, QuestionsWanted } from './questions.ts'
import type { RevisionCall } from './revise-plan.ts'
import type { Role, Verb } from './verbs.ts'
import type {
  EventView,
  FileRowsPage,
  FileRowView,
  FileView,
  FindingView,
  FreezeView,
  GateView,
  LeftOutView,
  LeftoverView,
  MembersPage,
  PlanDiff,
  PlanView,
  ProblemView,
  RolloutSummary,
  RolloutView,
  TokenView,
  VerbAnswer,
} from './views.ts'

import type { WhyView } from './why-view.ts'

/** Who calls: a person, not a token; tokens belong to a person and carry a role. */
export interface Caller {
  person: string
  roles: readonly Role[]
  channel: 'rest' | 'socket'
}

export interface VerbCall {
  verb: Verb
  rollout: string
  /** Name or id; absent: the rollout itself. */
  wave?: string | undefined
  /** Object ids or user principal names; for rollback of people, and for revert those to take out. */
  people?: readonly string[] | undefined
  reason: string
  dryRun: boolean
  /** The ETag the caller has seen. */
  ifMatch?: string | undefined
  /** For advance: the gates to go over. For accept: the budgets. */
  gates?: readonly string[] | undefined
  /** For accept and revert of a rollout: what another hand changed, by the name of the finding. */
  findings?: readonly string[] | undefined
  /** For extend and shorten, as in a plan: 90s, 30m, 12h, 3d. */
  by?: string | undefined
  /** For rollback: what was done to people before the switch is taken back too. */
  withPreparation?: boolean | undefined
  /** For pass: how long it is good, as in a plan; absent: as the tenant's policy says. */
  lifetime?: string | undefined
  /** For pass, by a second person: who asked. */
  confirms?: string | undefined
  /** For pass: good for more than one sign-in. */
  manyUses?: boolean | undefined
  /** For defer: who allows it, by name. */
  approver?: string | undefined
  /** For defer: a day in the zone of the plan, or a time with its offset. */
  until?: string | undefined
}

export interface StoredAnswer {
  status: number
  body: unknown
}

/** The one door for API, CLI and web. Errors are `Fault`s from the catalogue. */
export interface Service {
  /** Checks the plan as text and against the tenant, and keeps it as a draft. Refused: fault planInvalid with `problems`. */
  createRollout(
    caller: Caller,
    planText: string,
    idempotencyKey?: string,
    /** Digests of the files it names, by name. */
    files?: Readonly<Record<string, string>>,
    keep?: Keep,
  ): Promise<{ rollout: RolloutView; warnings: ProblemView[] }>
  /** Keeps the bytes of a file under their digest. @throws fileTooLarge */
  uploadFile(caller: Caller, upload: Upload): Promise<{ created: boolean; file: FileView }>
  /** Takes a vendor's list of hardware tokens and seals its secrets. @throws secretKeyMissing, tokenListUnreadable */
  uploadHardwareTokens(caller: Caller, upload: Upload): Promise<{ created: boolean; list: TokenListView }>
  /** Overwrites the secrets of a list that are kept still. @throws fileNotFound */
  wipeHardwareTokens(caller: Caller, digest: string): Promise<TokenListView>
  /** A list of hardware tokens, without secrets. @throws fileNotFound */
  hardwareTokens(digest: string): Promise<TokenListView>
  /** What each row of a file became, against the directory as it is now. @throws fileNotFound */
  fileRows(caller: Caller, digest: string, page: RowsWanted): Promise<FileRowsPage>
  /** All of them, some at a time. @throws fileNotFound, before the first */
  everyFileRow(
    caller: Caller,
    digest: string,
    wanted: RowsSelected,
  ): Promise<{ headers: readonly string[]; rows: AsyncIterable<FileRowView[]> }>
  listRollouts(): Promise<RolloutSummary[]>
  showRollout(id: string): Promise<RolloutView>
  /** The plan as it was sent: the revision in force, or the one of this number. @throws revisionNotFound */
  plan(rollout: string, revision?: number): Promise<PlanView>
  /** Another text of the plan, for a draft or a rollout that is held. @throws planNotHeld, planPastChanged … */
  revise(
    caller: Caller,
    call: RevisionCall,
  ): Promise<{ changed: boolean; revision: number; rollout: RolloutView; warnings: ProblemView[] }>
  /** What differs between two plans, and who moves. */
  diffPlans(call: DiffCall): Promise<PlanDiff>
  /** What a plan means for the people of this tenant, as many of each kind by name. @throws planInvalid */
  previewPlan(given: GivenPlan, names: number): Promise<PreviewView>
  /** Everybody of that preview, by sign-in name; `untouched`: why they are in no wave. */
  previewEverybody(given: GivenPlan): Promise<(PreviewedView & { untouched: string | null })[]>
  /** Which wave of a plan a person is in and why, step by step. @throws personUnknown, planInvalid */
  whyInPlan(given: GivenPlan, person: string): Promise<WhyView>
  /** The same in a rollout, with what has become of the person there. @throws personUnknown, rolloutNotFound */
  personWhy(person: string, rollout: string): Promise<WhyView>
  /** With `keep` the answer is on record in the transaction of the act. */
  act(caller: Caller, call: VerbCall, keep?: Keep): Promise<VerbAnswer>
  /** Members of a wave in order; `cursor` from the page before. `outcome` may also be `deferred`. */
  members(
    rollout: string,
    wave: string,
    page: { cursor?: string | undefined; limit: number; outcome?: string | undefined },
  ): Promise<MembersPage>
  /** One person of a rollout, by object id or user principal name. */
  member(rollout: string, person: string): Promise<PersonView>
  /** Every mail of the plan to one person, in a wave or not, word by word. Nothing is sent. @throws notApplicable */
  notices(rollout: string, person: string): Promise<NoticesView>
  /** One person's number, registered by hand. @throws personNotInDirectory, phoneUnusable, phoneRefused, phoneDifferent */
  registerPhone(caller: Caller, call: PhoneCall, keep?: Keep): Promise<PhoneAnswer>
  leftovers(rollout: string): Promise<LeftoverView[]>
  /** People who are in no wave of the plan, and why: a directory role or perhaps one, protected, guest, disabled. */
  leftOut(rollout: string): Promise<LeftOutView[]>
  /** How far the gathering of what is known of people is. */
  gathering(): Promise<GatheringView>
  gatherPeople(caller: Caller, call: GatherCall, keep?: Keep): Promise<GatherAnswer>
  /** What is known of a person, judged by the plan of a rollout where one is named. @throws personUnknown */
  knownPerson(person: string, rollout?: string): Promise<KnownPersonView>
  /** People known of, those of one verdict or all, by sign-in name. */
  listPeople(wanted: PeopleWanted): Promise<PeoplePage>
  /** What is asked of owners about accounts, and what they answered. */
  listQuestions(wanted: QuestionsWanted): Promise<QuestionsPage>
  answerQuestion(caller: Caller, call: AnswerCall, keep?: Keep): Promise<QuestionAnswer>
  /**
   * A temporary access pass for anybody in the directory, in a rollout or not; shown this once.
   * @throws passBarred, passPolicyOff, passLifetime, passUnknown
   */
  pass(caller: Caller, call: PassCall, keep?: Keep): Promise<PassAnswer>
  /** Everything another hand was found to have changed, settled or not, oldest first. */
  drift(rollout: string): Promise<FindingView[]>
  gates(rollout: string, wave: string): Promise<GateView[]>
  /** In words: what each wave does, what holds it, what lifts that, and when it is looked at again. */
  explain(rollout: string): Promise<string[]>
  /** Events after `after` by sequence number, oldest first; `rollout` null: of everything. */
  events(rollout: string | null, after: number, limit: number): Promise<EventView[]>
  /** Called after each commit that appended events. Answers with a function that stops it. */
  onEvents(listener: () => void): () => void
  /** The same key and request: the answer kept. @throws idempotencyKeyReused for another request. */
  answered(caller: Caller, key: string, requestHash: string): Promise<StoredAnswer | undefined>
  /** Puts an answer on record that no act went with: a dry run, or what was so already. */
  remember(caller: Caller, keep: Keep, answer: StoredAnswer): Promise<void>
  createToken(
    caller: Caller,
    person: string,
    role: Role,
    keep?: Keep,
  ): Promise<{ token: string; view: TokenView }>
  listTokens(caller: Caller): Promise<TokenView[]>
  revokeToken(caller: Caller, id: string): Promise<void>
  /** Who a token belongs to. @throws tokenUnknown */
  authenticate(token: string): Promise<Caller>
  /** @throws roleTooWeak */
  requireRole(caller: Caller, roles: readonly Role[], what: string): void
  /** Nothing new is applied in any rollout until it is thawed. Rollback stays allowed. True: it changed. */
  freeze(caller: Caller, reason: string, dryRun?: boolean, keep?: Keep): Promise<boolean>
  thaw(caller: Caller, reason: string, dryRun?: boolean, keep?: Keep): Promise<boolean>
  /** Who froze the installation, since when and why; null: nobody. */
  frozen(): Promise<FreezeView | null>
  /** Of Microsoft's limits, as this process sees them. */
  limits(): LimitsView
  /** What would be in the way of a plan, or of any; reads only. @throws planInvalid */
  doctor(given?: GivenPlan): Promise<DoctorReport>
  /** The least permissions a plan needs, and which are granted. @throws planInvalid */
  planPermissions(given: GivenPlan): Promise<PlanPermissions>
}
