/** The credits for bursts of an instance's processor: of types T only, kept and shown. */
import type { Input, Output } from '../protocol/types.ts'
import { matching } from './catalogue.ts'
import { ApiError, invalidCombination, invalidParameter } from './errors.ts'
import { findInstances, findLiving, type Instance } from './instance.ts'
import { refuseIdsAndPages } from './instance-describe.ts'
import { type InstanceType, typeNamed } from './instance-type.ts'
import { visible } from './lookup.ts'
import type { Context, Handlers } from './resource.ts'
import { pageOf } from './select.ts'

type Wish = Input<'ModifyInstanceCreditSpecification'>['InstanceCreditSpecifications'][number]
type Changed = Output<'ModifyInstanceCreditSpecification'>
type Failure = NonNullable<Changed['UnsuccessfulInstanceCreditSpecifications']>[number]
type FailureCode = NonNullable<Failure['Error']>['Code']

export const instanceCreditActions: Handlers = {
  DescribeInstanceCreditSpecifications(input, context) {
    refuseIdsAndPages(input.InstanceIds, input.MaxResults)
    const found = matching(burstable(context, input.InstanceIds), { 'instance-id': (i) => i.id }, input.Filters)
    const { items, ...page } = pageOf(found, input, 'instance credit specification', { min: 5, max: 1000 })
    return { InstanceCreditSpecifications: items.map((i) => ({ InstanceId: i.id, CpuCredits: i.cpuCredits })), ...page }
  },
  /** Each instance by itself: what can not be is told, the others are changed. */
  ModifyInstanceCreditSpecification({ InstanceCreditSpecifications: wishes }, context) {
    const tried = wishes.map((wish) => ({ InstanceId: wish.InstanceId, error: change(context, wish) }))
    return {
      SuccessfulInstanceCreditSpecifications: tried.flatMap(({ InstanceId, error }) => (error ? [] : { InstanceId })),
      UnsuccessfulInstanceCreditSpecifications: tried.flatMap(({ InstanceId, error }) =>
        error ? { InstanceId, Error: { Code: error.code as FailureCode, Message: error.message } } : [],
      ),
    }
  },
}

/** Without ids, AWS lists only those with unlimited credits. */
function burstable(context: Context, ids: readonly string[] | undefined): Instance[] {
  const isBurstable = (i: Instance) => typeNamed(i.instanceType).family.burstable && i.state !== 'terminated'
  if (ids?.length) return findInstances(context, ids).filter(isBurstable)
  return [...visible(context, 'instance')].filter((i) => isBurstable(i) && i.cpuCredits === 'unlimited')
}

/** The instance with other credits, or why it can not have them. */
function change(context: Context, { InstanceId, CpuCredits }: Wish): ApiError | undefined {
  const credits = checkedCredits(CpuCredits ?? '')
  try {
    const i = findLiving(context, InstanceId)
    // unverified: the words.
    if (!typeNamed(i.instanceType).family.burstable)
      return new ApiError(
        'InstanceCreditSpecification.NotSupported',
        `The instance type ${i.instanceType} does not support CPU credits.`,
      )
    context.state.put('instance', { ...i, cpuCredits: credits })
    return undefined
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}

function checkedCredits(text: string): Instance['cpuCredits'] {
  if (text === 'standard' || text === 'unlimited') return text
  throw invalidParameter(text, 'creditSpecification.cpuCredits')
}

/** What a type has unless a launch says otherwise: t2 is throttled, its successors are not. */
export function creditsOf({ name, family }: InstanceType, wish: string | undefined): Instance['cpuCredits'] {
  if (wish === undefined) return name.startsWith('t2.') ? 'standard' : 'unlimited'
  // unverified: AWS's code and words.
  if (!family.burstable) throw invalidCombination(`The instance type ${name} does not support CPU credits.`)
  return checkedCredits(wish)
}
