/** Why there is no start, in a sentence that says what to do. */
export class CannotStart extends Error {}
