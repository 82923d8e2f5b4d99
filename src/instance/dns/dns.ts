/** The DNS server of a VPC (P6): answers the queries of its hosts with the names they may know (G9, X12). */
import type { Answer } from 'dns-packet'
import type { State } from '../../ec2/state.ts'
import type { Vpc } from '../../ec2/vpc.ts'
import { answerTo, type Question, type Reply } from './message.ts'
import { type Found, lookUp, zoneOf } from './names.ts'

/** Seconds for which an answer, and the lack of one, may be kept: as AWS says for its own names. */
const TTL = 60
const ANY = 255

/** The answer to a query of a host in VPC `router`. Undefined, silence, without enableDnsSupport. */
export function dnsAnswer(state: State, router: string, query: Uint8Array): Uint8Array | undefined {
  const vpc = state.get('vpc', router)
  return vpc?.enableDnsSupport ? answerTo(query, (question) => resolve(state, vpc, question)) : undefined
}

function resolve(state: State, vpc: Vpc, { name, type }: Question): Reply {
  const lower = name.toLowerCase()
  const found = lookUp(state, vpc, lower)
  const zone = zoneOf(vpc, lower)
  const answers = found ? recordsOf(found, name, lower === zone).filter((r) => isAskedFor(r, type)) : []
  return {
    rcode: found ? 'NOERROR' : 'NXDOMAIN',
    answers,
    authorities: answers.length > 0 ? [] : [startOfAuthority(zone)],
  }
}

/** Every record at a name. */
function recordsOf({ address, pointer }: Found, name: string, isZone: boolean): Answer[] {
  const whose = { name, ttl: TTL } as const
  return [
    ...(address ? [{ ...whose, type: 'A', data: address } as const] : []),
    ...(pointer ? [{ ...whose, type: 'PTR', data: pointer } as const] : []),
    ...(isZone && name ? [startOfAuthority(name), { ...whose, type: 'NS', data: serverOf(name) } as const] : []),
  ]
}

const NUMBERS: Readonly<Record<string, number>> = { A: 1, NS: 2, SOA: 6, PTR: 12 }
const isAskedFor = (record: Answer, type: number): boolean => type === ANY || NUMBERS[record.type] === type

const serverOf = (zone: string): string => `ns0.${zone}`

/** RFC 2308: with it comes for how long a client may remember that there is nothing. */
const startOfAuthority = (zone: string): Answer => ({
  type: 'SOA',
  name: zone,
  ttl: TTL,
  data: {
    mname: zone && serverOf(zone),
    rname: zone && `hostmaster.${zone}`,
    serial: 1,
    refresh: 3600,
    retry: 3600,
    expire: 3600,
    minimum: TTL,
  },
})
