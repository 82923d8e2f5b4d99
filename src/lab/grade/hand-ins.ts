/** What a class has handed in: results and journals in a folder, by learner. */
import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { entriesIn } from '../course/journal.ts'
import type { Lab } from '../format/lab.ts'
import { factsOf } from '../report/facts.ts'
import { resultOf } from '../report/result.ts'
import { bestOf, type Grade, gradeOf, unreadable } from './grade.ts'

/** Bytes that a result or journal may have, folders below each other, and files in all. */
const LARGEST = 20_000_000
const DEEPEST = 6
const MOST = 50_000

/** Journals are read by the labs that the teacher has: `labOf` finds one by its name. Throws what reading throws. */
export function gradesIn(folder: string, labOf: (slug: string) => Lab | undefined): Grade[] {
  const files = filesIn(folder)
  return bestOf(files.flatMap((file) => gradeIn(folder, file, labOf)))
}

/** Paths below the folder, in alphabetical order. A link leads nowhere. */
function filesIn(folder: string): string[] {
  const found: string[] = []
  const walk = (path: string, depth: number) => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true }).toSorted(byName)) {
      const below = join(path, entry.name)
      if (entry.isFile() && isHandIn(below)) found.push(below)
      if (found.length > MOST) throw new Error(`There are more than ${MOST} files in ${folder}.`)
      if (entry.isDirectory() && depth < DEEPEST && !/^(\.git|node_modules|guests)$/.test(entry.name))
        walk(below, depth + 1)
    }
  }
  walk('', 0)
  return found
}

const byName = (one: Dirent, other: Dirent): number => one.name.localeCompare(other.name)

/** `result.json` anywhere, any JSON at the top; journals in the `labs` of a state, but those that were begun anew. */
const isHandIn = (path: string): boolean =>
  /(^|\/)result\.json$/.test(path) || /^[^/]+\.json$/.test(path) || isJournal(path)

const isJournal = (path: string): boolean => /(^|\/)labs\/[^/]+\.jsonl$/.test(path) && !/\.\d+\.jsonl$/.test(path)

function gradeIn(folder: string, file: string, labOf: (slug: string) => Lab | undefined): Grade[] {
  // By the folder, or where it lies at the top by the file.
  const [learner = ''] = file.replace(/\.jsonl?$/, '').split('/')
  try {
    const { size } = lstatSync(join(folder, file))
    if (size > LARGEST) throw new Error('It is too large.')
    const text = readFileSync(join(folder, file), 'utf8')
    if (!isJournal(file)) return [gradeOf(learner, file, JSON.parse(text))]
    const entries = entriesIn(text)
    const [first] = entries
    if (first?.kind !== 'started') throw new Error('It is no journal of a lab.')
    const lab = labOf(String(first.slug))
    if (!lab) throw new Error(`There is no lab ${first.slug} here: name its folder with --lab.`)
    return [gradeOf(learner, file, resultOf(factsOf(lab, entries)))]
  } catch (error) {
    return [unreadable(learner, file, error instanceof SyntaxError ? 'It is no JSON.' : (error as Error).message)]
  }
}
