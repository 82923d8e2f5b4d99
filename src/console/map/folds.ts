/** What is drawn small: what a person has folded, and in a large estate what nobody has opened. */
import type { Estate } from '../estate/estate.ts'

/** What a person has opened or folded, by id; the rest follows from the size of the estate. */
export type Choices = ReadonlyMap<string, boolean>

export interface Folds {
  readonly vpcs: ReadonlySet<string>
  readonly subnets: ReadonlySet<string>
}

/** Above so many things a map is no longer read at a glance. */
const VPCS = 8
const INSTANCES_OF_A_SUBNET = 16

export function foldsOf({ vpcs, subnets, instances, peerings }: Estate, choices: Choices): Folds {
  const counts = new Map<string, number>()
  for (const { subnetId } of instances) counts.set(subnetId, (counts.get(subnetId) ?? 0) + 1)
  const used = new Set([...instances.map(({ vpcId }) => vpcId)])
  for (const { requester, accepter } of peerings) used.add(requester.vpcId).add(accepter.vpcId)
  const many = vpcs.length > VPCS
  return {
    // A default VPC that nobody uses is in every Region, and in nobody's mind.
    vpcs: new Set(
      vpcs.filter(({ id, isDefault }) => choices.get(id) ?? (many || (isDefault && !used.has(id)))).map(({ id }) => id),
    ),
    subnets: new Set(
      subnets.filter(({ id }) => choices.get(id) ?? (counts.get(id) ?? 0) > INSTANCES_OF_A_SUBNET).map(({ id }) => id),
    ),
  }
}
