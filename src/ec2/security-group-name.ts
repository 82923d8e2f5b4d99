/** Names of security groups: what may be one, what a description may be, and which group a call names by it (S8). */
import type { Input } from '../protocol/types.ts'
import { ApiError, invalidParameter, invalidValue, missingParameter } from './errors.ts'
import { find } from './lookup.ts'
import type { Context } from './resource.ts'
import { DEFAULT, type SecurityGroup } from './security-group.ts'
import type { State } from './state.ts'

/** The group a call names: by id, or by its name in the default VPC. */
export function groupOf(
  context: Context,
  { GroupId, GroupName }: Pick<Input<'DeleteSecurityGroup'>, 'GroupId' | 'GroupName'>,
): SecurityGroup {
  if (!GroupId) return groupNamed(context, GroupName)
  // A name beside the id is of no use, but asks for a default VPC.
  if (GroupName) defaultVpcForName(context)
  return find(context, 'security-group', GroupId)
}

/** A group of the default VPC by its name. Throws InvalidGroup.NotFound, and VPCIdNotSpecified without such a VPC. */
export function groupNamed(context: Context, name: string | undefined): SecurityGroup {
  if (!name) throw new ApiError('MissingParameter', 'The request must contain the parameter groupName or groupId')
  const vpcId = defaultVpcForName(context)
  const g = groupWithName(context.state, vpcId, name)
  if (!g)
    throw new ApiError('InvalidGroup.NotFound', `The security group '${name}' does not exist in default VPC '${vpcId}'`)
  return g
}

/** Names are one in capitals and small letters. */
export const groupWithName = (state: State, vpcId: string, name: string): SecurityGroup | undefined =>
  state.where('security-group', 'vpcId/groupName', `${vpcId}/${name.toLowerCase()}`)[0]

function defaultVpcForName(context: Context): string {
  const id = defaultVpcId(context)
  if (id) return id
  const words = 'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.'
  throw new ApiError('VPCIdNotSpecified', words)
}

/** The VPC for a group that is made without one. Throws VPCIdNotSpecified. */
export function vpcWithoutName(context: Context): string {
  const id = defaultVpcId(context)
  if (id) return id
  throw new ApiError('VPCIdNotSpecified', 'No default VPC for this user')
}

const defaultVpcId = ({ state, caller }: Context): string | undefined =>
  state.where('vpc', 'account', caller.account).find((v) => v.isDefault && v.region === caller.region)?.id

/** A name for a new group of the VPC, without spaces around it. Throws InvalidGroup.Reserved and .Duplicate. */
export function nameFor({ state }: Context, vpcId: string, wish: string): string {
  const name = wish.trim()
  if (name.toLowerCase() === DEFAULT)
    throw new ApiError('InvalidGroup.Reserved', `Cannot use reserved security group name: ${name}`)
  if (/^sg-/i.test(name)) throw invalidParameter(name, 'GroupName', 'Group names may not be in the format sg-*.')
  // unverified: the words for a name; those for a description are AWS's.
  checkText(name, 'GroupName', 'Invalid security group name. Valid names are strings')
  if (groupWithName(state, vpcId, name))
    throw new ApiError('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpcId}'`)
  return name
}

export function descriptionFor(text: string): string {
  checkText(text, 'GroupDescription', 'Invalid security group description. Valid descriptions are strings')
  return text
}

function checkText(text: string, parameter: string, invalid: string): void {
  if (text.length === 0) throw missingParameter(parameter)
  if (/[^\0-\x7f]/.test(text)) throw invalidParameter(text, parameter, 'Character sets beyond ASCII are not supported.')
  if (!isPlainText(text))
    throw invalidValue(`${invalid} less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*`)
}

/** Text of up to 255 characters of the set that AWS takes in names and descriptions of groups and rules. */
export const isPlainText = (text: string): boolean => text.length <= 255 && /^[\w .:/()#,@[\]+=&;{}!$*-]*$/.test(text)
