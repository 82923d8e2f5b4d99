/** The report of a lab as a page shows it: the files, and what is left to the learner. */
import type { Course } from '../../lab/course/course.ts'
import type { ReportView } from '../../lab/course/view.ts'
import { factsOf } from '../../lab/report/facts.ts'
import { reportFiles } from '../../lab/report/files.ts'
import { blocksOf } from '../../lab/report/report.ts'
import { questionsIn } from '../../lab/report/words.ts'

export function reportView({ lab, journal }: Pick<Course, 'lab' | 'journal'>): ReportView {
  const facts = factsOf(lab, journal.entries())
  return {
    files: reportFiles(facts),
    questions: questionsIn(blocksOf(facts)).map((one) => ({ ...one, text: facts.words.get(one.about) ?? '' })),
  }
}
