import type { DemoAddresses } from '../../src/demo/run-demo.ts'
import type { EventView, RolloutView } from '../../src/service.ts'

export interface Told {
  addresses: DemoAddresses
  events: EventView[]
  end: RolloutView
}

/** What `demo --once --json` printed: the addresses, one event a line, the final status. */
export function told(out: string): Told {
  const lines = out.trimEnd().split('\n')
  const [addresses, ...rest] = lines.map((line) => JSON.parse(line) as unknown)
  return {
    addresses: addresses as DemoAddresses,
    events: rest.slice(0, -1) as EventView[],
    end: rest.at(-1) as RolloutView,
  }
}

/** Is this line of `demo --json` the final status? Events carry a sequence number, a status does not. */
export function isStatus(line: string): boolean {
  const read = JSON.parse(line) as Record<string, unknown>
  return 'state' in read && !('seq' in read)
}
