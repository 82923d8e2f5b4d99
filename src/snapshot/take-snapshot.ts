/** Taking a snapshot through the public API, as the AWS CLI would print it. */
import type { Ec2 } from '../client/ec2-client.ts'
import { actionOf, DESCRIBE_CALLS, type DescribeCall, fileOf, VPC_ATTRIBUTES } from './describe-calls.ts'

type Answer = Readonly<Record<string, unknown>>

/** One action of the API, whatever its types: to check those of a dozen at once takes the compiler minutes. */
export type Call = (action: string, input: object) => Promise<Answer> | Answer

/** A file of the snapshot, within its Region's folder. */
export interface TakenFile {
  readonly name: string
  readonly contents: Answer
}

/** How a client of the API is asked. */
export const callOf = (client: Ec2): Call => client.call as unknown as Call

/** Every file of the caller's Region. Errors: those of the call. */
export async function* takeSnapshot(call: Call): AsyncGenerator<TakenFile> {
  for (const describe of DESCRIBE_CALLS) {
    if (describe.single) {
      const answer = await call(actionOf(describe), {})
      yield { name: fileOf(describe), contents: { [describe.key]: answer[describe.key] } }
      continue
    }
    const items = await allPages(call, describe)
    yield { name: fileOf(describe), contents: { [describe.key]: items } }
    if (describe.key === 'Vpcs') yield* attributesOf(call, items)
    if (describe.key === 'Subnets') yield await reservationsIn(call, items)
    if (describe.key === 'PrefixLists') yield* entriesOf(call, items)
  }
}

const allPages = (call: Call, describe: DescribeCall): Promise<unknown[]> =>
  pagesOf(
    call,
    actionOf(describe),
    describe.answerKey ?? describe.key,
    describe.page === undefined ? {} : { MaxResults: describe.page },
  )

async function pagesOf(call: Call, action: string, key: string, input: object): Promise<unknown[]> {
  const items: unknown[] = []
  let next: unknown
  do {
    const answer = await call(action, { ...input, ...(next !== undefined && { NextToken: next }) })
    for (const item of (answer[key] ?? []) as unknown[]) items.push(item)
    next = answer.NextToken
  } while (next)
  return items
}

async function* attributesOf(call: Call, vpcs: readonly unknown[]): AsyncGenerator<TakenFile> {
  for (const { VpcId } of vpcs as { VpcId: string }[]) {
    for (const Attribute of VPC_ATTRIBUTES) {
      const contents = await call('DescribeVpcAttribute', { VpcId, Attribute })
      yield { name: `vpc-attribute-${VpcId}-${Attribute}.json`, contents }
    }
  }
}

/** Those of all subnets: AWS has a call for each. */
async function reservationsIn(call: Call, subnets: readonly unknown[]): Promise<TakenFile> {
  const contents: Record<string, unknown[]> = { SubnetIpv4CidrReservations: [], SubnetIpv6CidrReservations: [] }
  for (const { SubnetId } of subnets as { SubnetId: string }[]) {
    const answer = await call('GetSubnetCidrReservations', { SubnetId })
    for (const [key, all] of Object.entries(contents)) all.push(...((answer[key] ?? []) as unknown[]))
  }
  return { name: 'subnet-cidr-reservations.json', contents }
}

/** What is in each prefix list; the answer does not name the list, so its id is added. */
async function* entriesOf(call: Call, lists: readonly unknown[]): AsyncGenerator<TakenFile> {
  for (const { PrefixListId } of lists as { PrefixListId: string }[]) {
    const Entries = await pagesOf(call, 'GetManagedPrefixListEntries', 'Entries', { PrefixListId, MaxResults: 100 })
    yield { name: `prefix-list-entries-${PrefixListId}.json`, contents: { PrefixListId, Entries } }
  }
}
