import { startTenant } from '../src/emulator/tenant.ts'
import { fastClock } from './fast-clock.ts'

// A tenant in a process of its own, on a fast clock: node bench/tenant-process.ts state-file start wall-start factor
const [stateFile = '', start, wallStart, factor] = process.argv.slice(2)
const clock = fastClock(Number(start), Number(wallStart), Number(factor))
const tenant = await startTenant({ clock, stateFile })
const { authority, tenantId, clientId, clientSecret, ca } = tenant
console.log(JSON.stringify({ tenant: tenant.tenant, authority, tenantId, clientId, clientSecret, ca }))
process.on('disconnect', () => process.exit(0))
