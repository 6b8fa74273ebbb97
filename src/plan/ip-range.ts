/** A range of addresses as `203.0.113.0/24` or `2001:db8::/48`. */
export interface IpRange {
  version: 4 | 6
  prefix: number
  /** The first `prefix` bits of the address, as text of 0 and 1. */
  bits: string
}

const LENGTH = { 4: 32, 6: 128 } as const

/** Undefined: not an address, a slash and a prefix. */
export function ipRange(text: string): IpRange | undefined {
  const [, address = '', digits = ''] = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(text.trim()) ?? []
  const all = addressBits(address)
  const prefix = Number(digits)
  if (all === undefined || prefix > all.length) return undefined
  return { version: all.length === LENGTH[4] ? 4 : 6, prefix, bits: all.slice(0, prefix) }
}

export function contains(range: IpRange, address: string): boolean {
  const bits = addressBits(address)
  return bits !== undefined && bits.length === LENGTH[range.version] && bits.startsWith(range.bits)
}

/** The same addresses, however written. */
export function rangeKey({ version, bits }: IpRange): string {
  return `${version}/${bits}`
}

/** Shorter prefixes take in far more than an organisation's own addresses. */
const WIDE = { 4: 16, 6: 32 } as const

export function isWide({ version, prefix }: IpRange): boolean {
  return prefix < WIDE[version]
}

/** Never seen by Microsoft, which sees the public address a request comes from. */
const NOT_PUBLIC = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
].flatMap((text) => ipRange(text) ?? [])

export function isPrivate(range: IpRange): boolean {
  return NOT_PUBLIC.some(({ version, bits }) => version === range.version && range.bits.startsWith(bits))
}

function addressBits(address: string): string | undefined {
  return address.includes(':') ? bitsOf6(address) : bitsOf4(address)
}

function bitsOf4(address: string): string | undefined {
  const parts = address.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255))
    return undefined
  return parts.map((part) => Number(part).toString(2).padStart(8, '0')).join('')
}

function bitsOf6(address: string): string | undefined {
  const halves = address.split('::')
  if (halves.length > 2) return undefined
  const [front = [], back = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - front.length - back.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...front, ...Array.from({ length: missing }, () => '0'), ...back]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('')
}
