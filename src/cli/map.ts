/** `isthmus map`: a drawing of what there is. */
import type { Command } from 'commander'
import { drawMap } from './draw-map.ts'
import { inventory } from './inventory.ts'
import { type OutputOption, print, withExamples, withOutput, withServer } from './options.ts'
import { openSession, type ServerOptions } from './session.ts'

export function registerMap(program: Command): void {
  const command = program
    .command('map')
    .summary('draw the VPCs and what is in them')
    .description('Draw the VPCs of a Region: subnets, instances, route tables, gateways and peering connections.')
    .option('--all', 'also an unused default VPC, and peerings that are over', false)
    .action(showMap)
  withExamples(withOutput(withServer(command)), [
    ['isthmus map', 'what I have made'],
    ['isthmus map --all --region eu-west-1', 'everything, in another Region'],
    ['isthmus map -o json', 'for programs'],
  ])
}

async function showMap(options: ServerOptions & OutputOption & { all: boolean }): Promise<void> {
  const { client } = await openSession(options)
  const found = await inventory(client)
  print(options, found, drawMap(found, options))
}
