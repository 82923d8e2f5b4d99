/** Taking a snapshot into a running server: all of its records in one transaction, or none. */
import { INTERNET_HOSTS } from '../compile/internet.ts'
import { INSTANCE_CONNECT_HOSTS } from '../ec2/instance-connect-range.ts'
import { isOfAws } from '../ec2/prefix-list-aws.ts'
import type { Context, Resource } from '../ec2/resource.ts'
import type { Change, State } from '../ec2/state.ts'
import type { Ip } from '../ip/address.ts'
import { checkNetwork } from '../snapshot/check.ts'
import { convert } from '../snapshot/convert.ts'
import type { Report } from '../snapshot/report.ts'
import { SnapshotError } from '../snapshot/snapshot-error.ts'
import { folderFrom } from '../snapshot/transfer.ts'
import { type ControlPlane, SYSTEM } from './control-plane.ts'
import { hostAddressOf } from './public-pool.ts'

/** Takes a request's body: lines of JSON. Throws SnapshotError, and then nothing has changed. */
export async function importSnapshot(plane: ControlPlane, body: AsyncIterable<Buffer>): Promise<Report> {
  const { documents, strangers } = await folderFrom(linesOf(body))
  return plane.carryOut(SYSTEM, (context) => {
    const { state, report } = convert(documents, strangers, { now: context.now, newNumber: () => context.newNumber() })
    const changes = state.changes().filter((change) => isNew(context, change))
    refuseSecondDefault(context.state, changes)
    refuseTakenAddresses(context, changes)
    for (const { type, record } of changes) if (record) context.state.put(type, record)
    checkNetwork(context.state)
    return report
  })
}

/** Accounts and the Regions in which they have been. */
export const knownHomes = (state: State): { account: string; region: string }[] =>
  [...state.all('account-region')].map(({ account, region }) => ({ account, region }))

const MOST_BYTES = 1024 * 1024 * 1024

/** Lines as they come; of the body never more than one of them is held. */
async function* linesOf(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let bytes = 0
  let parts: Buffer[] = []
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new SnapshotError('The snapshot has more than 1 GB: import it in parts.')
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...parts, chunk.subarray(start, end)]).toString()
      parts = []
      start = end + 1
    }
    parts.push(chunk.subarray(start))
  }
  const rest = Buffer.concat(parts).toString()
  if (rest !== '') yield rest
}

/** Throws where the id is here already. No conflict: somebody was here before; AWS's own prefix lists are known. */
function isNew({ state }: Context, { type, id, record }: Change): boolean {
  const other = state.get(type, id) as Resource | undefined
  if (!other) return record !== undefined
  if (type === 'account-region' || (type === 'prefix-list' && isOfAws(other))) return false
  throw new SnapshotError(
    `The ${type} ${id} is here already, in account ${other.account} and Region ${other.region}: an import changes ` +
      'nothing that is there. Delete it first, or import into a state of its own with `isthmus up --state DIR`.',
  )
}

/** An account has one default VPC in a Region, and the first touch of a Region makes one. */
function refuseSecondDefault(state: State, changes: readonly Change[]): void {
  const homeOf = ({ account, region }: Resource) => `account ${account} and Region ${region}`
  const present = new Map([...state.all('vpc')].filter((v) => v.isDefault).map((v) => [homeOf(v), v.id]))
  for (const { type, id, record } of changes) {
    const isDefault = type === 'vpc' && record && 'isDefault' in record && record.isDefault
    const other = isDefault && present.get(homeOf(record))
    if (other)
      throw new SnapshotError(
        `${id} would be the second default VPC of ${homeOf(record as Resource)}: delete ${other} first.`,
      )
  }
}

/** Public addresses are nobody's twice, whatever the account. */
function refuseTakenAddresses({ state, publicPool }: Context, changes: readonly Change[]): void {
  const taken = new Map<Ip, string>([
    ...[...INTERNET_HOSTS, ...INSTANCE_CONNECT_HOSTS].map(
      (address) => [address, 'a host of the internet here'] as const,
    ),
    [hostAddressOf(publicPool), 'this machine'],
  ])
  for (const { publicIp, id } of state.all('elastic-ip')) taken.set(publicIp, id)
  for (const { publicIp, id } of state.all('network-interface')) if (publicIp) taken.set(publicIp, id)
  for (const { id, record } of changes) {
    const own = record && 'publicIp' in record ? record.publicIp : undefined
    const other = own && taken.get(own)
    if (other)
      throw new SnapshotError(`${id} has the public address ${own}, which ${other} has here: release that one first.`)
  }
}
