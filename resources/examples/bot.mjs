// A bot that trades only while Warmwire's gate is open. Node 20 or later, no packages.
//
//   WARMWIRE_URL=http://127.0.0.1:3456 WARMWIRE_TOKEN=... ORDERS_URL=http://127.0.0.1:9000/orders node bot.mjs
//
// One rule: an order goes out only over a link whose gate is known to be open now. A stream that ended, an answer other
// than 200 and a stream that has been quiet for too long all mean that nothing is known: every gate is closed.

const WARMWIRE_URL = process.env.WARMWIRE_URL ?? 'http://127.0.0.1:3456';
const ORDERS_URL = process.env.ORDERS_URL ?? 'http://127.0.0.1:9000/orders';
const ORDER_EVERY_MS = Number(process.env.ORDER_EVERY_MS ?? 100);
/** We ask for a sign of life every second, so three of them must have been missed. */
const HEARTBEAT_SECS = 1;
const QUIET_LIMIT_MS = 3_000;
const RETRY_MS = 500;

/** Links whose gate is open. Empty whenever we do not know. */
const open = new Set();
const say = (line) => process.stdout.write(`${line}\n`);

function take(name, gates) {
  if (name === 'gates') open.clear();
  for (const { link, open: isOpen, sentence } of [gates].flat()) {
    if (isOpen === open.has(link)) continue;
    if (isOpen) open.add(link);
    else open.delete(link);
    say(`${link}: ${isOpen ? 'trading' : `stopped, ${sentence}`}`);
  }
}

/** Follows the gates until the stream is lost for whatever reason; throws then. */
async function follow() {
  const lost = new AbortController();
  let quiet;
  const heard = () => {
    clearTimeout(quiet);
    quiet = setTimeout(() => lost.abort(new Error('quiet for too long')), QUIET_LIMIT_MS);
  };
  heard();
  try {
    const answer = await fetch(`${WARMWIRE_URL}/api/gate/stream?heartbeat_secs=${HEARTBEAT_SECS}`, {
      headers: { authorization: `Bearer ${process.env.WARMWIRE_TOKEN ?? ''}` },
      signal: lost.signal,
    });
    if (answer.status !== 200) throw new Error(`Warmwire answered ${answer.status}: ${await answer.text()}`);
    let rest = '';
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      heard();
      const events = (rest + chunk).split('\n\n');
      rest = events.pop();
      for (const event of events) {
        const field = (name) =>
          /** @type {string | undefined} */ (event.match(new RegExp(`^${name}: (.*)$`, 'm'))?.[1]);
        const data = field('data');
        if (data !== undefined) take(field('event'), JSON.parse(data));
      }
    }
    throw new Error('the stream ended');
  } finally {
    clearTimeout(quiet);
  }
}

function order(link) {
  fetch(ORDERS_URL, { method: 'POST', body: JSON.stringify({ link, at: Date.now() }) }).catch((error) =>
    say(`${link}: the order did not go out: ${error.message}`),
  );
}

setInterval(() => {
  for (const link of open) order(link);
}, ORDER_EVERY_MS);

for (;;) {
  try {
    await follow();
  } catch (error) {
    open.clear();
    say(`all stopped: ${error.message}`);
  }
  await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
}
