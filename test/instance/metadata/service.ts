/** The metadata service of a world, asked as an instance asks: from its address. */
import type { MetadataAnswer } from '../../../src/engines/engine.ts'
import { services } from '../../../src/instance/services.ts'
import { ip } from '../../../src/ip/address.ts'
import { must, place } from '../../ec2/place.ts'

export const TTL = 'x-aws-ec2-metadata-token-ttl-seconds'
export const TOKEN = 'x-aws-ec2-metadata-token'

/** Instances speak version 1 too, unless a launch says otherwise; `keys` are what Instance Connect has pushed. */
export function metadataPlace(keys: Readonly<Record<string, readonly string[]>> = {}) {
  const p = place()
  p.call('ModifyVpcAttribute', { VpcId: p.vpcId, EnableDnsHostnames: { Value: true } })
  const activeKeys = (_: unknown, instanceId: string, user: string) => keys[`${instanceId} ${user}`] ?? []
  const { metadata } = services({ state: () => p.records, now: () => p.clock.now, activeKeys })
  const MetadataOptions = { HttpTokens: 'optional' } as const
  const running = (launch: Parameters<typeof p.running>[0] = {}) => p.running({ MetadataOptions, ...launch })
  const request = (from: string, method: string, path: string, headers: Record<string, string> = {}): MetadataAnswer =>
    metadata(p.vpcId, ip(from), { method, path, headers })

  return {
    ...p,
    metadata,
    running,
    request,
    get: (from: string, path: string, headers?: Record<string, string>) => request(from, 'GET', path, headers),
    /** The text at a path below `latest`, or the status where there is none. */
    text(from: string, path: string): string | number {
      const { status, body } = request(from, 'GET', `/latest/${path}`)
      return status === 200 ? body : status
    },
    token: (from: string, ttl = '21600') => request(from, 'PUT', '/latest/api/token', { [TTL]: ttl }),
    addressOfInstance: (id: string) => must(p.see(id).PrivateIpAddress),
  }
}
