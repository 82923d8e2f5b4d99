/** The reverse DNS name of an Elastic IP address. */
import type { Output } from '../protocol/types.ts'
import { type Address, reverseNameOf } from './address.ts'
import { invalidParameter, missingParameter } from './errors.ts'
import { find, visible } from './lookup.ts'
import { type Handlers, inState } from './resource.ts'
import { pageOf } from './select.ts'

type Shown = NonNullable<Output<'ModifyAddressAttribute'>['Address']>

export const addressAttributeActions: Handlers = {
  // AWS also asks whether the name leads to the address; here nobody can make such a name.
  ModifyAddressAttribute({ AllocationId, DomainName }, context) {
    const a = find(context, 'elastic-ip', AllocationId)
    if (!DomainName) throw missingParameter('DomainName')
    const named = { ...without(a), ptrRecord: checkedName(DomainName), ...before(a) }
    const renamed = context.state.put('elastic-ip', inState(named, 'renaming', context.now))
    return { Address: showAttribute(renamed) }
  },
  ResetAddressAttribute({ AllocationId, Attribute }, context) {
    const a = find(context, 'elastic-ip', AllocationId)
    checkAttribute(Attribute)
    if (!a.ptrRecord) return { Address: showAttribute(a) }
    const reset = inState({ ...without(a), ...before(a) }, 'renaming', context.now)
    return { Address: showAttribute(context.state.put('elastic-ip', reset)) }
  },
  DescribeAddressesAttribute(input, context) {
    const { AllocationIds: ids } = input
    if (input.Attribute !== undefined) checkAttribute(input.Attribute)
    const all = ids?.length ? ids.map((id) => find(context, 'elastic-ip', id)) : [...visible(context, 'elastic-ip')]
    // Terraform waits for an address whose name is gone to be gone from this list.
    const named = all.filter((a) => a.ptrRecord !== undefined || a.state === 'renaming')
    const { items, ...page } = pageOf(named, input, 'elastic-ip attribute', { min: 1, max: 1000 })
    return { Addresses: items.map(showAttribute), ...page }
  },
}

function without({ ptrRecord: _, formerPtrRecord: _former, ...rest }: Address): Address {
  return rest
}

/** What is in force until the change is through. */
function before(a: Address): Pick<Address, 'formerPtrRecord'> {
  const inForce = reverseNameOf(a)
  return inForce ? { formerPtrRecord: inForce } : {}
}

const NAME = /^(?=.{1,253}\.?$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.?$/i

/** With a dot at its end, as AWS shows it. */
function checkedName(name: string): string {
  // unverified: AWS's words.
  if (!NAME.test(name)) throw invalidParameter(name, 'domainName', 'Expecting a domain name.')
  return name.endsWith('.') ? name : `${name}.`
}

function checkAttribute(name: string): void {
  if (name !== 'domain-name') throw invalidParameter(name, 'attribute', 'Unknown attribute.')
}

/** unverified: the value that AWS shows while a name is taken away. */
function showAttribute(a: Address): Shown {
  const isPending = a.state === 'renaming'
  const inForce = reverseNameOf(a)
  return {
    PublicIp: a.publicIp,
    AllocationId: a.id,
    ...(inForce && { PtrRecord: inForce }),
    ...(isPending && { PtrRecordUpdate: { Value: a.ptrRecord ?? '', Status: 'PENDING' } }),
  }
}
