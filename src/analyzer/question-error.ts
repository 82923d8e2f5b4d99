/** What is said of a question that has no answer. */

/** The question is about something that is not there, or that it does not name clearly; the message says what. */
export class QuestionError extends Error {}
