/** When user data takes effect, and the shell text that it becomes. */
import { word } from '../system/shell.ts'

/**
 * boot: early, at every boot; first: the first boot's set-up; last: what runs at the end of the first boot;
 * bootLast: at the end of every boot; message: the console's last word; power: the first boot's very end.
 */
export type StageName = 'boot' | 'first' | 'last' | 'bootLast' | 'message' | 'power'

/** Lines of shell for some of the stages. */
export type Steps = { readonly [S in StageName]?: readonly string[] }

/** What is wrong with a piece of user data, in words for its log. It is left out, and the boot goes on. */
export class Unfit extends Error {
  override readonly name = 'Unfit'
}

/** A line in the log. */
export const note = (text: string): string => `say ${word(`user data: ${text.replaceAll('\0', '')}`)}`

export function joined(all: readonly Steps[]): Required<Steps> {
  const stage = (name: StageName) => all.flatMap((steps) => steps[name] ?? [])
  return {
    boot: stage('boot'),
    first: stage('first'),
    last: stage('last'),
    bootLast: stage('bootLast'),
    message: stage('message'),
    power: stage('power'),
  }
}
