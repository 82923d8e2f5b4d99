/** The page of semantics: every number that is cited has its line there, and every proof it names is there. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, test } from 'node:test'

const page = readFileSync('docs/semantics.md', 'utf8')

/** Number → what the page says of it, its proofs in parentheses at the end. */
const statements = new Map(
  [...page.matchAll(/^- ([A-Z]\d+): (.+(?:\n {2}.+)*)/gm)].map(([, number = '', text = '']) => [
    number,
    text.replaceAll(/\n +/g, ' '),
  ]),
)
/** Case → the last column of its row: a scenario, or why there is none. */
const cases = new Map(
  [...page.matchAll(/^\| (D\d\d) \|.+\| (.+) \|$/gm)].map(([, number = '', last = '']) => [number, last]),
)
const scenarios = globSync('scenarios/d[0-9]*.ts').map((file) => basename(file, '.ts'))

/** The numbers in a text, `C1-C3` as all three. */
function citations(text: string): string[] {
  return [...text.matchAll(/\b([PCRXSNGAELTMFI])(\d{1,2})(?:-\1(\d{1,2}))?\b|\bD\d\d\b/g)].flatMap(
    ([whole, letter, first, last = first]) =>
      letter === undefined
        ? [whole]
        : Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => `${letter}${Number(first) + i}`),
  )
}

const provenBy = (statement: string): string[] => /\(([^()]+)\)$/.exec(statement)?.[1]?.split(', ') ?? []

const exists = (proof: string): boolean =>
  /^D\d\d$/.test(proof)
    ? scenarios.some((name) => name.startsWith(`${proof.toLowerCase()}-`))
    : existsSync(`test/${proof}.test.ts`) || existsSync(`src/${proof}.ts`)

/** A key of the keyboard, of which only the console speaks. */
const isKey = (file: string, number: string): boolean => file.includes('/console/') && /^F\d$/.test(number)

describe('docs/semantics.md', () => {
  test('has a line for every number that code, tests and scenarios cite', () => {
    const files = globSync('{src,test,scenarios}/**/*.ts')
    assert.ok(files.length > 100, `only ${files.length} files were read`)
    const missing = files.flatMap((file) =>
      citations(readFileSync(file, 'utf8'))
        .filter((number) => !statements.has(number) && !cases.has(number) && !isKey(file, number))
        .map((number) => `${file}: ${number}`),
    )
    assert.deepEqual([...new Set(missing)], [])
  })

  test('lists every scenario in the row of its number, and no other', () => {
    const listed = [...cases].filter(([, last]) => /^d\d\d-/.test(last)).map(([number, last]) => `${number} ${last}`)
    const there = scenarios.map((name) => `${name.slice(0, 3).toUpperCase()} ${name}`)
    assert.deepEqual(listed, there.toSorted())
  })

  test('has a row for each of the cases D01 to D44', () => {
    const all = Array.from({ length: 44 }, (_, i) => `D${String(i + 1).padStart(2, '0')}`)
    assert.deepEqual([...cases.keys()].toSorted(), all)
  })

  test('names proofs that are there, at least one for every statement', () => {
    const wrong = [...statements].flatMap(([number, text]) => {
      const proofs = provenBy(text)
      return proofs.length === 0 ? [`${number}: none`] : proofs.filter((p) => !exists(p)).map((p) => `${number}: ${p}`)
    })
    assert.deepEqual(wrong, [])
  })

  test('says each thing once', () => {
    const numbers = [...page.matchAll(/^(?:- |\| )([A-Z]\d+)(?::| \|)/gm)].map(([, number]) => number)
    assert.deepEqual(
      numbers.filter((number, i) => numbers.indexOf(number) !== i),
      [],
    )
  })

  test('keeps to 120 columns', () => {
    assert.deepEqual(
      page.split('\n').filter((line) => line.length > 120),
      [],
    )
  })
})
