import type { FastifyInstance } from 'fastify'
import type { TenantSettings } from '../graph/route.ts'
import { issueToken } from './token.ts'
import { wallTime } from './wall-time.ts'

/** The tenant's token endpoint and what a client must read first to find it. */
export function serveAuthority(server: FastifyInstance, settings: TenantSettings, newId: () => string): void {
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(body as string)))
    },
  )

  server.get<{ Params: { tenant: string } }>(
    '/:tenant/v2.0/.well-known/openid-configuration',
    (request, reply) => {
      if (request.params.tenant !== settings.tenantId) return reply.status(400).send(unknownTenant(newId))
      const host = `${request.protocol}://${request.host}/${settings.tenantId}`
      return reply.send({
        token_endpoint: `${host}/oauth2/v2.0/token`,
        token_endpoint_auth_methods_supported: ['client_secret_post'],
        jwks_uri: `${host}/discovery/v2.0/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['pairwise'],
        id_token_signing_alg_values_supported: ['RS256'],
        issuer: `${host}/v2.0`,
        authorization_endpoint: `${host}/oauth2/v2.0/authorize`,
        end_session_endpoint: `${host}/oauth2/v2.0/logout`,
        tenant_region_scope: 'EU',
      })
    },
  )

  server.post<{ Params: { tenant: string }; Body: Record<string, string> | undefined }>(
    '/:tenant/oauth2/v2.0/token',
    (request, reply) => {
      const form = request.body ?? {}
      reply.header('Cache-Control', 'no-store')
      if (request.params.tenant !== settings.tenantId) return reply.status(400).send(unknownTenant(newId))
      if (form.grant_type !== 'client_credentials') {
        const text = `AADSTS70003: The app requested an unsupported grant type '${form.grant_type ?? ''}'.`
        return reply.status(400).send(refusal('unsupported_grant_type', 70003, text, newId))
      }
      if (form.client_id !== settings.clientId) {
        const text = `AADSTS700016: Application with identifier '${form.client_id ?? ''}' was not found in the directory 'Contoso'.`
        return reply.status(400).send(refusal('unauthorized_client', 700016, text, newId))
      }
      if (form.client_secret !== settings.clientSecret) {
        const text = `AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${settings.clientId}'.`
        return reply.status(401).send(refusal('invalid_client', 7000215, text, newId))
      }
      const { token, lifetime } = issueToken(settings)
      const answer = {
        token_type: 'Bearer',
        expires_in: lifetime,
        ext_expires_in: lifetime,
        access_token: token,
      }
      return reply.send(answer)
    },
  )
}

function unknownTenant(newId: () => string) {
  return refusal(
    'invalid_request',
    90002,
    'AADSTS90002: Tenant not found. Check to make sure you have the correct tenant ID.',
    newId,
  )
}

function refusal(error: string, code: number, text: string, newId: () => string) {
  const trace = newId()
  const correlation = newId()
  const timestamp = `${new Date(wallTime()).toISOString().slice(0, 19).replace('T', ' ')}Z`
  return {
    error,
    error_description: `${text} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
  }
}
