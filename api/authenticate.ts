import { type Caller, fault, type Service } from '../src/service.ts'
import type { Api } from './context.ts'

/** Every call under this app has a caller: by its token, or on the local socket the operator of this machine. */
export function authenticateCallers(app: Api, service: Service, localOperator: Caller | undefined): void {
  app.decorateRequest('caller')
  app.addHook('onRequest', async (request) => {
    request.caller = localOperator ?? (await service.authenticate(tokenOf(request.headers.authorization)))
  })
}

/** @throws tokenMissing */
export function tokenOf(authorization: string | undefined): string {
  const token = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) throw fault('tokenMissing')
  return token
}
