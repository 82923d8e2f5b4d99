/** What this engine last put into nft, kept across a restart: the generation then, and a hash of the table. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keeping } from '../../network/kept.ts'
import type { NftTable } from './nft.ts'

export interface Remembered {
  readonly generation: number
  readonly hash: string
}

const fileIn = (stateDir: string): string => join(stateDir, 'kernel.json')

/** By namespace. Empty where there is no record: then all tables are written anew, which drops no flow. */
export function remembered(stateDir: string): Map<string, Remembered> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(fileIn(stateDir), 'utf8')) as Record<string, Remembered>))
  } catch {
    return new Map()
  }
}

export function remember(stateDir: string, tables: ReadonlyMap<string, Remembered>): void {
  writeFileSync(`${fileIn(stateDir)}.new`, JSON.stringify(Object.fromEntries(tables)))
  renameSync(`${fileIn(stateDir)}.new`, fileIn(stateDir))
}

export const forgetTables = (stateDir: string): void => rmSync(fileIn(stateDir), { force: true })

const keepHash = keeping<number>()

/** A sum over the parts, so that their order does not matter, and each is looked at once while it stays the same. */
export function tableHash({ sets, chains }: NftTable): string {
  let sum = 0
  for (const [name, set] of sets)
    sum += keepHash(set, [name], () => hashOf([name, set.kind, set.type, [...set.elements].sort()]))
  for (const [name, chain] of chains) sum += keepHash(chain, [name], () => hashOf([name, chain.hook, chain.rules]))
  return (sum % LARGEST).toString(16)
}

/** Sums of a million of them are exact. */
const LARGEST = 2 ** 32

/** FNV-1a. It tells changes from none; nobody gains by two texts of the same number. */
function hashOf(part: unknown): number {
  let hash = 0x811c9dc5
  for (const character of Buffer.from(JSON.stringify(part))) hash = Math.imul(hash ^ character, 0x01000193)
  return hash >>> 0
}
