/** Where packets are sent from and captured, by their names. */
import { type Estate, labelOf } from '../estate/estate.ts'

/** The name of an instance, a gateway or a peering; else its id. */
export function labelAt({ instances, gateways, peerings }: Estate, id: string): string {
  const thing = [...instances, ...gateways, ...peerings].find((one) => one.id === id)
  return thing ? labelOf(thing) : id
}
