import { builtInPresets, parsePreset } from '../../src/main/settings/presets.ts';
import type { Preset } from '../../src/shared/preset.ts';

/** Dialects that were spoken when the recordings were made and are gone since: no presets of the product. */
const FORMER = {
  kraken_v1: `
venue = "Kraken, v1"
source = "test/fixtures/captures/kraken_v1.txt"
facts_as_of = "2021-04"
ack = { kind = "contains", pieces = ['"status":"subscribed"', '"pair":"{symbol}"', '"name":"{channel}"'] }
refusal = '"errorMessage":'
heartbeats = ['{"event":"heartbeat"}']
greetings = ['"event":"systemStatus"']
[ping]
kind = "json"
send = '{"event":"ping","reqid":{id}}'
match = '"event":"pong"'
id_field = "reqid"
[channels.book]
subscribe = '{"event":"subscribe","pair":["{symbol}"],"subscription":{"name":"book"}}'
`,
  dydx_v3: `
venue = "dYdX, v3"
source = "test/fixtures/captures/dydx_v3.txt"
facts_as_of = "2021-10"
ack = { kind = "contains", pieces = ['"type":"subscribed"', '"channel":"{channel}"', '"id":"{symbol}"'] }
refusal = '"type":"error"'
greetings = ['"type":"connected"']
[ping]
kind = "protocol"
[channels.v3_trades]
subscribe = '{"type":"subscribe","channel":"v3_trades","id":"{symbol}"}'
data = ['"type":"channel_data"', '"channel":"v3_trades"', '"id":"{symbol}"']
`,
};

/** A preset of the product by its name, or the dialect of a recording that is older than any. */
export function presetOf(name: string): Preset {
  const former = Object.entries(FORMER).find(([one]) => one === name);
  if (former !== undefined) return parsePreset(name, former[1]);
  const found = builtInPresets().get(name);
  if (found === undefined) throw new Error(`there is no preset ${name}`);
  return found;
}
