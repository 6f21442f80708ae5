/**
 * Another number: something that a view of the link shows may be another. Time alone does not change it.
 *
 * One small object a link, held by whoever changes something and read first by whoever looks. That nothing has happened is
 * known from it, and not from a way through the link's parts, which lie apart in memory: with a thousand idle links to find
 * that out was what most time went to.
 */
export class Revision {
  number = 0;
}
