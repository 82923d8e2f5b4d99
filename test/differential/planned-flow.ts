/** Random flows over a planned network: between its instances, to the internet and back, to services and gateways. */
import type { Random } from './random.ts'

/**
 * From and to are names of instances, `internet`, or addresses; to may be a NAT gateway. `public` aims at the public
 * address.
 */
export interface PlannedFlow {
  readonly from: string
  readonly to: string
  readonly public: boolean
  readonly protocol: 1 | 6 | 17
  readonly port: number
  /** From a port that no NAT gateway keeps. */
  readonly low?: boolean
  /** Another source than the sender's own. */
  readonly source?: string
  /** Bytes of the whole packet, which may not be fragmented; of ICMP only. */
  readonly length?: number
}

const PORTS = [22, 53, 80, 443, 8080] as const
/** Metadata and names, and what they are mostly asked; and time, which is not there. */
const SERVICES: Readonly<Record<string, Pick<PlannedFlow, 'protocol' | 'port'>>> = {
  '169.254.169.254': { protocol: 6, port: 80 },
  '169.254.169.253': { protocol: 17, port: 53 },
  '169.254.169.123': { protocol: 17, port: 123 },
}
export const INTERNET_HOST = '203.0.113.10'

/** What a flow can have to do with a VPC. */
interface Ends {
  readonly second: number
  readonly instances: readonly string[]
  readonly nats: readonly string[]
}

export function randomFlow(random: Random, vpcs: readonly Ends[]): PlannedFlow {
  const all = vpcs.flatMap((v) => v.instances)
  const nats = vpcs.flatMap((v) => v.nats)
  const fromInternet = random.chance(0.18)
  const from = fromInternet ? 'internet' : random.pick(all)
  const home = vpcs.find((v) => v.instances.includes(from))
  const to = fromInternet
    ? random.weighted([
        [12, random.pick(all)],
        [1, '198.18.3.77'],
        [1, '203.0.113.77'],
        [2, random.pick(nats.length > 0 ? nats : all)],
      ])
    : random.weighted([
        [7, random.pick(all)],
        [12, random.pick(home?.instances ?? all)],
        [6, INTERNET_HOST],
        [2, random.pick(nats.length > 0 ? nats : all)],
        [1, '203.0.113.77'],
        [1, `10.${home?.second}.0.${random.pick([1, 2, 200])}`],
        [3, random.pick([...Object.keys(SERVICES), `10.${home?.second}.0.2`])],
        [5, '192.168.7.7'],
        [2, '8.8.8.8'],
      ])
  const source = random.chance(fromInternet ? 0.2 : 0.05)
    ? random.pick(fromInternet ? ['10.9.9.9', '192.168.1.1', '100.64.0.9'] : ['10.1.0.99', '10.1.0.5', '172.16.5.5'])
    : undefined
  return {
    from,
    to,
    public: fromInternet || random.chance(0.15),
    protocol: random.weighted([
      [4, 1],
      [4, 6],
      [2, 17],
    ]),
    port: random.pick(PORTS),
    ...(random.chance(0.05) && { low: true }),
    ...(random.chance(0.7) && SERVICES[to]),
    ...(source && { source }),
    ...(!fromInternet && random.chance(0.35) && { length: random.pick([1400, 1500, 1501, 4000, 8900, 9001]) }),
  }
}
