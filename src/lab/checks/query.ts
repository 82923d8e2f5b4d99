/** What the API says: a value by JMESPath, a route, whether something is there. */
import { isDeepStrictEqual } from 'node:util'
import type { ApiLook, ApiTest, RouteLook, ThereLook } from '../format/lab.ts'
import { AmbiguousError, described, selected, UnboundError } from '../names/bind.ts'
import { valueAt } from './jmespath.ts'
import { isVia, type Looker, type Sight } from './look.ts'

export const api: Looker<ApiLook> = async ({ action, input, path, test }, { session, names }) => {
  const answer = await session.client.call(action as never, names.data(input) as never)
  // As the AWS CLI has it: dates are texts.
  const data: unknown = JSON.parse(JSON.stringify(answer))
  const value = valueAt(names.text(path), data)
  const wanted = names.data(test) as ApiTest
  return { holds: TESTS[test.kind](value, wanted), words: `${action} says ${shortened(value)}${wish(wanted)}.` }
}

/** What a person reads of it. */
const LONGEST = 200
function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} ...` : text
}

const TESTS: Readonly<Record<ApiTest['kind'], (value: unknown, test: ApiTest) => boolean>> = {
  equals: (value, test) => 'value' in test && isDeepStrictEqual(value, test.value),
  contains: (value, test) =>
    'value' in test &&
    (Array.isArray(value)
      ? value.some((one) => isDeepStrictEqual(one, test.value))
      : typeof value === 'string' && value.includes(String(test.value))),
  matches: (value, test) => 'pattern' in test && typeof value === 'string' && new RegExp(test.pattern).test(value),
  some: (value) => value !== null && value !== undefined && value !== false && !isEmpty(value),
}

const isEmpty = (value: unknown): boolean =>
  value === '' || (typeof value === 'object' && Object.keys(value ?? {}).length === 0)

function wish(test: ApiTest): string {
  if ('value' in test)
    return `, and it should ${test.kind === 'equals' ? 'be' : 'contain'} ${JSON.stringify(test.value)}`
  return 'pattern' in test ? `, and it should match ${test.pattern}` : ''
}

export const route: Looker<RouteLook> = async ({ table, to, via, state }, sight) => {
  const [id, destination] = [await tableId(sight.names.text(table), sight), sight.names.text(to)]
  const { RouteTables: [found] = [] } = await sight.session.client.call('DescribeRouteTables', { RouteTableIds: [id] })
  const one = found?.Routes?.find(({ DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId }) =>
    [DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId].includes(destination),
  )
  if (!one) return { holds: false, words: `The route table ${id} has no route to ${destination}.` }
  const { GatewayId, VpcPeeringConnectionId, NatGatewayId, NetworkInterfaceId, EgressOnlyInternetGatewayId } = one
  const targets = [GatewayId, VpcPeeringConnectionId, NatGatewayId, NetworkInterfaceId, EgressOnlyInternetGatewayId]
  const target = targets.find(Boolean) ?? 'something else'
  const leads = via === undefined || isVia(target, sight.names.text(via))
  return {
    holds: leads && one.State === state,
    words: `In ${id}, ${destination} leads to ${target}, and is ${one.State}.`,
  }
}

async function tableId(id: string, { estate }: Sight): Promise<string> {
  if (!id.startsWith('subnet-')) return id
  const subnet = (await estate.things('subnet')).find((one) => one.id === id)
  const [table] = subnet?.attributes.routeTable ?? []
  if (table === undefined) throw new UnboundError(`${id} has no route table.`)
  return table
}

export const there: Looker<ThereLook> = async ({ kind, selector }, { estate, names }) => {
  const found = await selected(selector, estate, names).catch((error: unknown) => {
    // What belongs to something that is gone is gone, too.
    if (kind !== 'absent' || !(error instanceof UnboundError) || error instanceof AmbiguousError) throw error
    return []
  })
  const count = found.length === 1 ? 'a' : found.length === 0 ? 'no' : String(found.length)
  const words = `There is ${count} ${described(selector, names)}.`
  return { holds: found.length > 0 === (kind === 'exists'), words }
}
