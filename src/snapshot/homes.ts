/** Whose a file is: what its folders say, else what its items say. */
import type { Home } from './building.ts'
import type { Document } from './document.ts'
import type { Notes } from './report.ts'

/** As in the examples of AWS's documentation, and for callers whom nothing names. */
const NOBODY: Home = { account: '123456789012', region: 'us-east-1' }

/** The home of each document: files of one folder have the same. */
export function homesOf(documents: readonly Document[], notes: Notes): ReadonlyMap<Document, Home> {
  const folders = Map.groupBy(documents, ({ account = '', region = '' }) => `${account}/${region}`)
  return new Map(
    [...folders.values()].flatMap((some) => {
      const home = homeOf(some, notes)
      return some.map((document) => [document, home] as const)
    }),
  )
}

function homeOf(documents: readonly Document[], notes: Notes): Home {
  const [{ account, region, file } = { file: '' } as Document] = documents
  const found = account !== undefined && region !== undefined ? undefined : evidence(documents)
  const home = {
    account: account ?? mostFrequent(found?.accounts ?? []),
    region: region ?? mostFrequent(found?.regions ?? []),
  }
  if (!home.account) notes.add('assumed', 'the account', `it is taken as ${NOBODY.account}`, file)
  if (!home.region) notes.add('assumed', 'the Region', `it is taken as ${NOBODY.region}`, file)
  return { account: home.account ?? NOBODY.account, region: home.region ?? NOBODY.region }
}

function evidence(documents: readonly Document[]): { accounts: string[]; regions: string[] } {
  const items = documents.flatMap(({ contents }) => [...contents.values()]).flat() as unknown[]
  const field = (item: unknown, key: string): string => {
    const value = typeof item === 'object' && item !== null && Object.hasOwn(item, key) ? item[key as never] : undefined
    return typeof value === 'string' ? value : ''
  }
  return {
    accounts: items.map((item) => field(item, 'OwnerId')).filter((text) => /^\d{12}$/.test(text)),
    regions: items.flatMap((item) => [
      ...(/^[a-z]{2}(?:-[a-z]+)+-\d+/.exec(field(item, 'AvailabilityZone')) ?? []),
      ...(/^arn:[\w-]+:ec2:([a-z0-9-]+):/.exec(field(item, 'SecurityGroupArn') || field(item, 'SubnetArn'))?.slice(1) ??
        []),
    ]),
  }
}

function mostFrequent(texts: readonly string[]): string | undefined {
  const groups = [...Map.groupBy(texts, (text) => text).values()].sort((a, b) => b.length - a.length)
  return groups[0]?.[0]
}
