/**
 * Every call to a disk, and every look-up of a host's name, of all threads of this program takes one of libuv's few threads
 * (four, if nobody says otherwise), and a disk that hangs keeps those that are in it. Whatever writes or watches a file here
 * has one call at a time under way, a dozen together: twice as many are left for names.
 */
const THREADS = 32;

/** Call it before anything of that kind is asked for: libuv starts its threads then. A number that the user set is kept. */
export function widenThreadPool(env: NodeJS.ProcessEnv): void {
  env.UV_THREADPOOL_SIZE ||= String(THREADS);
}
