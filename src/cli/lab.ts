/** `isthmus lab ...`: guided labs. What a lab needs is read only when one is done: the other commands start faster. */
import { type Command, Option } from 'commander'
import { answering } from './answering.ts'
import { registerLabBack } from './lab-back-commands.ts'
import { registerLabRun } from './lab-run.ts'
import { withExamples, withOutput, withServer } from './options.ts'

const WHICH = 'its name, or its folder'

export function registerLab(program: Command): void {
  const lab = program.command('lab').description('Guided labs: do one, have it checked, write one.')
  for (const register of [list, start, check, hint, solve, env, report, grade, tryOut, create]) register(lab)
  registerLabBack(lab)
  registerLabRun(lab)
}

function list(lab: Command): void {
  const command = lab
    .command('list')
    .summary('which labs there are')
    .description('List the labs, and how far you are in each.')
    .action(async (options) => (await import('./lab-list.ts')).listLabs(options))
  withExamples(withOutput(withServer(command)), [['isthmus lab list', 'what there is to learn']])
}

function start(lab: Command): void {
  const command = lab
    .command('start')
    .summary('begin a lab, or go on with it')
    .description('Begin a lab on the running server, or go on where you left it, and print the step to be done.')
    .argument('<lab>', WHICH)
    .option('--restart', 'from the beginning; what you did before stays in an older journal')
    .action(async (which, options) => (await import('./lab-start.ts')).startLab(which, options))
  withExamples(withServer(command), [
    ['isthmus lab start peering', 'the first step'],
    ['isthmus lab start ./my-labs/firewall', 'a lab of your own'],
  ])
}

function check(lab: Command): void {
  const command = lab
    .command('check')
    .summary('whether the step is done')
    .description(
      'Check the step of the lab that was started last, and go on to the next if it is done. Exits 0 if all checks ' +
        'pass, 1 if some do not, 2 if none could be made, 3 if only warnings are left.',
    )
    .option('--watch', 'check again after each change, until the lab is done')
    .action(answering(async (options) => (await import('./lab-check.ts')).checkLab(options)))
  withExamples(withOutput(withServer(command)), [
    ['isthmus lab check', 'how am I doing?'],
    ['isthmus lab check --watch', 'in a second terminal'],
  ])
}

function hint(lab: Command): void {
  const command = lab
    .command('hint')
    .summary('a hint for the step')
    .description('Give the next hint of the step, once checks have failed or some time has passed.')
    .option('--now', 'do not wait for that')
    .action(async (options) => (await import('./lab-hint.ts')).giveHint(options))
  withExamples(withServer(command), [['isthmus lab hint', 'help, a little at a time']])
}

function solve(lab: Command): void {
  const command = lab
    .command('solve')
    .summary('carry the solution of the step out')
    .description('Carry out the solution of the step, command by command, with your AWS CLI; then check it.')
    .action(async (options) => (await import('./lab-solve.ts')).solveStep(options))
  withExamples(withServer(command), [['isthmus lab solve', 'show me']])
}

function env(lab: Command): void {
  const command = lab
    .command('env')
    .summary('print the ids that the step knows, as variables')
    .description('Print what the names of the step stand for, as variables of a shell: $vpc1, $i2_privateIp.')
    .action(async (options) => (await import('./lab-env.ts')).printNames(options))
  withExamples(withOutput(withServer(command)), [['eval "$(isthmus lab env)"', 'in sh, bash or zsh']])
}

function report(lab: Command): void {
  const command = lab
    .command('report')
    .summary('write down what was done')
    .description(
      'Write a report of the lab that was started last: report.md and report.html for people, result.json and ' +
        'junit.xml for programs.',
    )
    .option('--out <dir>', 'folder to write to (default: isthmus-lab-NAME here)')
    .addOption(
      new Option('-o, --output <format>', 'print one of these, and write no files').choices([
        'json',
        'junit',
        'markdown',
        'html',
      ]),
    )
    .action(async (options) => (await import('./lab-report.ts')).writeReport(options))
  withExamples(withServer(command), [
    ['isthmus lab report --out handed-in', 'facts from the journal'],
    ['isthmus lab report -o junit > junit.xml', 'for a build server'],
  ])
}

function grade(lab: Command): void {
  const command = lab
    .command('grade')
    .summary('what a class has reached')
    .description(
      'Read what a class has handed in, a folder or a result.json for each learner, and print a table. Exits 0 if ' +
        'all have passed, 1 if some have not, 2 if there is nothing, 3 if only warnings are left.',
    )
    .requiredOption('--all <folder>', 'folder with reports, or with the state folders of servers')
    .option('--lab <lab>', 'this lab only: its name, or its folder')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json', 'csv']).default('text'))
    .action(answering(async (options) => (await import('./lab-grade.ts')).gradeAll(options)))
  withExamples(command, [
    ['isthmus lab grade --all handed-in', 'handed-in/LEARNER/result.json, or handed-in/LEARNER.json'],
    ['isthmus lab grade --all handed-in -o csv > grades.csv', 'for a spreadsheet'],
  ])
}

function tryOut(lab: Command): void {
  const command = lab
    .command('test')
    .summary('prove that a lab works')
    .description(
      'Play the solutions of a lab on a server of its own: in each step no check may pass before the solution, and ' +
        'all must pass after it.',
    )
    .argument('<lab>', WHICH)
    .option('--sim', 'simulate packets even where real ones are possible', false)
    .action(answering(async (which, options) => (await import('./lab-test.ts')).testLab(which, options)))
  withExamples(withOutput(withServer(command)), [
    ['isthmus lab test peering', 'on the best engine here'],
    ['isthmus lab test ./my-labs/firewall --sim', 'a lab of your own'],
  ])
}

function create(lab: Command): void {
  const command = lab
    .command('new')
    .summary('begin to write a lab')
    .description('Write the skeleton of a lab: one step that can be tested at once.')
    .argument('<name>', 'what it is called, such as my-first-lab')
    .addOption(new Option('--in <dir>', 'folder to make it in').default('.'))
    .action(async (name, options) => (await import('./lab-new.ts')).newLab(name, options))
  withExamples(command, [['isthmus lab new firewall && isthmus lab test ./firewall', 'begin, and try it']])
}
