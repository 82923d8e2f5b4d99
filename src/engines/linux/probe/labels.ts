/** What a router's nft numbers stand for: rule handles and interface indexes, read from the kernel. */
import { runIn } from '../command.ts'
import { TABLE } from '../nft.ts'

export interface Labels {
  /** Rule handle -> its comment. */
  readonly comments: ReadonlyMap<bigint, string>
  /** Interface index -> name. */
  readonly ports: ReadonlyMap<number, string>
}

export async function readLabels(namespace: string): Promise<Labels> {
  const [rules, links] = await Promise.all([
    runIn(namespace, 'nft', ['-a', '-s', 'list', 'table', ...TABLE.split(' ')]),
    runIn(namespace, 'ip', ['-j', 'link', 'show']),
  ])
  const comments = [...rules.matchAll(/comment "([^"]*)" # handle (\d+)$/gm)].map(
    ([, text = '', handle = '0']) => [BigInt(handle), text] as const,
  )
  const ports = (JSON.parse(links) as { ifindex: number; ifname: string }[]).map((l) => [l.ifindex, l.ifname] as const)
  return { comments: new Map(comments), ports: new Map(ports) }
}
