import type { Journal } from '../journal.ts'
import type { MicrosoftDelays } from '../microsoft-delays.ts'
import type { Person } from '../people/person.ts'
import type { Directory } from './directory.ts'

/** What a change is made with. */
export interface ChangeContext {
  seed: number
  directory: Directory
  journal: Journal
  delays: MicrosoftDelays
  /** Counts changes; the delays of each are drawn by its number. */
  next(): number
  /** Lets somebody new begin to sign in. */
  join(person: Person, at: number): void
  /** Lets something happen by itself, in its turn among all that people do. */
  later(at: number, run: (at: number) => void): void
}
