import type { Clock } from '../src/clock/clock.ts'
import type { Api } from './context.ts'

/** Simulated time stands still while a call is in flight. A stream of events lets go of it when it begins. */
export function holdClockDuringRequests(app: Api, clock: Clock): void {
  app.decorateRequest('releaseClock')
  app.addHook('onRequest', async (request, reply) => {
    request.releaseClock = clock.attend()
    // Not onResponse: a caller who hangs up early has none, and time would stand still for good.
    reply.raw.once('close', request.releaseClock)
  })
  // After the body has been read: its events run outside the context of the hooks before.
  app.addHook('preHandler', (_request, _reply, done) => clock.answer(done))
  app.addHook('onResponse', async (request) => request.releaseClock())
}
