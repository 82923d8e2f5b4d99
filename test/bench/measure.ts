/** How long something takes, and how that is told. */
import { inColumns } from '../../src/cli/columns.ts'

/** One figure of the benchmark. */
export interface Figure {
  readonly what: string
  /** Of how large an estate. */
  readonly size: string
  /** How often a second; where that is what matters. */
  readonly rate?: number
  /** Milliseconds. */
  readonly median?: number
  /** Of repeated work. */
  readonly p99?: number
  /** What else was measured in the same run, if it could be. */
  readonly peer?: string
  /** How many times as long as the peer this took; of a rate, how many times as often. */
  readonly ratio?: number
  /** Other numbers: classes, passages, megabytes. */
  readonly more?: Readonly<Record<string, number>>
}

/** What `work` gives, and the milliseconds that it took. */
export function timed<T>(work: () => T): { readonly value: T; readonly ms: number } {
  const start = performance.now()
  const value = work()
  return { value, ms: performance.now() - start }
}

/** Milliseconds of each of `times` runs, after a tenth as many that do not count. */
export function repeated(times: number, work: (i: number) => unknown): number[] {
  for (let i = 0; i < times / 10; i++) work(i)
  return Array.from({ length: times }, (_, i) => timed(() => work(i)).ms)
}

export function percentile(all: readonly number[], share: number): number {
  const sorted = all.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
export const median = (all: readonly number[]): number => percentile(all, 0.5)

/** The most memory that this process has had, in megabytes. */
export const peakMegabytes = (): number => Math.round(process.resourceUsage().maxRSS / 1024)

/** Figures as a table. */
export function tableOf(figures: readonly Figure[]): string {
  const lines = figures.map(({ what, size, rate, median, p99, peer, ratio, more = {} }) => [
    what,
    size,
    rate === undefined ? '' : `${compact.format(rate)}/s`,
    median === undefined ? '' : milliseconds(median),
    p99 === undefined ? '' : milliseconds(p99),
    ratio === undefined ? '' : `${ratio < 10 ? ratio.toPrecision(2) : Math.round(ratio)} x ${peer}`,
    Object.entries(more)
      .map(([name, number]) => `${number.toLocaleString('en')} ${name}`)
      .join(', '),
  ])
  return inColumns([['', 'of', 'rate', 'median', 'p99', 'as a ratio', ''], ...lines])
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })

const milliseconds = (ms: number): string =>
  ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : ms >= 1 ? `${ms.toFixed(1)} ms` : `${Math.round(ms * 1000)} us`
