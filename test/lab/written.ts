/** A lab written for one test: files in a folder that is gone afterwards. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Lab } from '../../src/lab/format/lab.ts'
import { readLab } from '../../src/lab/format/read-lab.ts'

export const INDEX = {
  title: 'A lab',
  description: 'To be read.',
  intro: { text: 'intro.md' },
  steps: [{ title: 'One', text: 'step1/text.md' }],
  finish: { text: 'finish.md' },
}

/** A lab of one step with these checks; `more` are further files, or others in place of the usual ones. */
export function written(t: TestContext, checks: string, more: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-written-lab-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const texts = { 'intro.md': 'Hello.', 'finish.md': 'Done.', 'step1/text.md': '# One' }
  const files = { 'index.json': JSON.stringify(INDEX), ...texts, 'step1/checks.yaml': checks, ...more }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** The lab in a folder. Throws where something is wrong with it. */
export function labIn(folder: string): Lab {
  const read = readLab(folder)
  if ('lab' in read) return read.lab
  throw new Error(JSON.stringify(read.problems))
}
