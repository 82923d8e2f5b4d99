/** What this engine last put into nft, kept across a restart: the generation then, and a hash of the table. */
import { createHash } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

/** Independent of the order in which the table was rendered. */
export function tableHash({ sets, chains }: NftTable): string {
  const text = JSON.stringify([
    [...sets].map(([name, set]) => [name, set.kind, set.type, [...set.elements].sort()]).sort(byName),
    [...chains].map(([name, chain]) => [name, chain.hook, chain.rules]).sort(byName),
  ])
  return createHash('sha256').update(text).digest('hex')
}

const byName = (a: readonly unknown[], b: readonly unknown[]): number => (String(a[0]) < String(b[0]) ? -1 : 1)
