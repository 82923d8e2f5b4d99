/** Who may send and who may take: classes of interfaces, and the internet. */
import { where } from '../../headers/condition.ts'
import { EVERYTHING, type HeaderSet, subtract } from '../../headers/header-set.ts'
import { NOWHERE } from '../../forward/worldwide.ts'
import type { Ip } from '../../ip/address.ts'
import { groupsOf } from '../../network/groups.ts'
import type { Interface, Network } from '../../network/network.ts'
import { type InterfaceClass, routersOf, translationsOf } from './classes.ts'

/** Every public address that nobody here has. */
export const INTERNET = 'internet'
export type Party = InterfaceClass | typeof INTERNET

/** An interface that stands for a party. */
export interface Place {
  readonly party: Party
  /** The second of its class, which is only there for the first of its own nodes' classes to talk to. */
  readonly isSecond: boolean
  /** Addresses that it can be aimed at. */
  readonly private: readonly Ip[]
  readonly public: readonly Ip[]
}

/** By interface; those of routers and gateways are no party. */
export type Places = ReadonlyMap<string, Place>

export function placesOf(network: Network, classes: readonly InterfaceClass[]): Places {
  const routerOf = routersOf(network)
  const translations = translationsOf(network)
  const placeOf = (party: Party, id: string, isSecond: boolean): [string, Place][] => {
    const at = network.interfaces.get(id)
    if (!at) return []
    const outside = at.addresses.flatMap((a) => translations.get(`${routerOf.get(at.segment)} ${a}`) ?? [])
    return [[id, { party, isSecond, private: at.addresses, public: outside.map((t) => t.outside) }]]
  }
  return new Map([
    ...classes.flatMap((one) => placeOf(one, one.first.id, false)),
    ...classes.flatMap((one) => (one.second ? placeOf(one, one.second.id, true) : [])),
    ...internetInterfaces(network).map(({ id }): [string, Place] => [
      id,
      { party: INTERNET, isSecond: false, private: [], public: [] },
    ]),
  ])
}

const internetInterfaces = (network: Network): Interface[] =>
  [...network.nodes.values()]
    .filter(({ kind }) => kind === 'internet')
    .flatMap(({ id }) => groupsOf(network).interfacesOf.get(id) ?? [])

/** Headers from the internet: from public addresses that no interface of the network has. */
export const fromInternet = (network: Network): HeaderSet =>
  subtract(
    subtract(EVERYTHING, where({ source: NOWHERE })),
    where({ source: new Set(groupsOf(network).publicOwners.keys()) }),
  )
