import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Dialect, type FrameKind, fill } from '../../src/main/engine/link/dialect.ts';
import { builtInPresets } from '../../src/main/settings/presets.ts';
import { BUILT_IN } from '../../src/shared/knobs.ts';
import type { CloseClass, Preset } from '../../src/shared/preset.ts';

const FACTS = fileURLToPath(new URL('../../../shared/venues/dialects.json', import.meta.url));

interface Facts {
  readonly id: string;
  readonly ws_urls: readonly string[] | null;
  readonly [field: string]: unknown;
}

/** The file that the presets were written from: not part of the product, so it may be missing. */
const facts: readonly Facts[] = existsSync(FACTS) ? JSON.parse(readFileSync(FACTS, 'utf8')) : [];

/** Those whose address the user brings: it is not among the facts. */
const WITHOUT_ADDRESS = ['derive', 'helius_parsed_streams', 'orderly', 'pacifica'];
/** They have no WebSocket, or are no more. */
const NO_PRESET = ['databento_live', 'iex_cloud'];

/** Every venue of `dialects.json` that can be reached. */
const VENUES = [
  'alpaca_data',
  'ascendex',
  'binance_spot',
  'binance_usdm',
  'bitfinex_v2',
  'bitget_v2',
  'bithumb',
  'bitmex',
  'bitstamp_v2',
  'bybit_v5',
  'coinbase_advanced',
  'coinbase_exchange',
  'cryptocom_v1',
  'deribit_v2',
  'derive',
  'dydx_v4',
  'finnhub',
  'gateio_v4',
  'gemini_fast',
  'gemini_v2_md',
  'helius_parsed_streams',
  'htx',
  'hyperliquid',
  'ibkr_webapi',
  'kalshi',
  'kraken_futures',
  'kraken_v2',
  'kucoin',
  'mexc_futures',
  'mexc_spot',
  'okx_v5',
  'orderly',
  'pacifica',
  'phemex',
  'poloniex',
  'polygon_massive',
  'polymarket_clob',
  'polymarket_perps',
  'polymarket_rtds',
  'polymarket_sports',
  'upbit',
  'whitebit',
];

/** Nothing that they would answer is known: RTT is not measurable. */
const WITHOUT_PONG = [
  'alpaca_data',
  'ascendex',
  'cryptocom_v1',
  'finnhub',
  'gemini_v2_md',
  'htx',
  'polygon_massive',
  'polymarket_rtds',
  'polymarket_sports',
];

const presets = builtInPresets();
const presetOf = (name: string): Preset => {
  const preset = presets.get(name);
  if (preset === undefined) throw new Error(`there is no preset ${name}`);
  return preset;
};
const kindOf = (name: string, frame: string): FrameKind =>
  new Dialect(presetOf(name)).kindOf(Buffer.from(frame), { pongs: true, acks: true, inFull: true });

const data: FrameKind = { kind: 'data' };
const heartbeat: FrameKind = { kind: 'heartbeat' };
const greeting: FrameKind = { kind: 'greeting' };
const pong = (id: string | null): FrameKind => ({ kind: 'pong', id });
const ack = (id: string | null): FrameKind => ({ kind: 'ack', id });
const refusal = (id: string | null): FrameKind => ({ kind: 'refusal', id });
const venuePing = (answer: string | null): FrameKind => ({ kind: 'venue-ping', answer });
const notice = { kind: 'notice' };
const farewell = (cls: CloseClass) => ({ kind: 'farewell', class: cls });

/** Literal examples of `dialects.json`: venue, the field where they stand, the frame, and what it is. */
const DOCUMENTED: readonly [venue: string, field: string, frame: string, expected: object][] = [
  ['binance_spot', 'ack', '{"result":null,"id":1}', ack('1')],
  ['binance_spot', 'error', '{"error":{"code":4,"msg":"Too many subscriptions"},"id":19}', refusal('19')],
  ['binance_spot', 'error', '{"code":2,"msg":"Invalid request: ...","id":1}', refusal('1')],
  ['binance_usdm', 'ack', '{"result":null,"id":1}', ack('1')],
  ['binance_usdm', 'error', '{"error":{"code":4,"msg":"Too many subscriptions"}}', refusal(null)],
  [
    'coinbase_exchange',
    'server_heartbeat',
    '{"type":"heartbeat","sequence":90,"last_trade_id":20,"product_id":"BTC-USD","time":"2014-11-07T08:19:28.464459Z"}',
    heartbeat,
  ],
  [
    'coinbase_exchange',
    'ack',
    '{"type":"subscriptions","channels":[{"name":"level2","product_ids":["ETH-USD"]}]}',
    ack(null),
  ],
  ['coinbase_exchange', 'error', '{"type":"error","message":"...","reason":"..."}', refusal(null)],
  [
    'coinbase_advanced',
    'server_heartbeat',
    '{"channel":"heartbeats","client_id":"","timestamp":"...","sequence_num":0,"events":[{"current_time":"...","heartbeat_counter":42}]}',
    heartbeat,
  ],
  [
    'coinbase_advanced',
    'ack',
    '{"channel":"subscriptions","client_id":"","timestamp":"...","sequence_num":1,"events":[{"subscriptions":{"ticker_batch":["ETH-USDT"]}}]}',
    ack(null),
  ],
  ['coinbase_advanced', 'error', '{"type":"error","message":"..."}', refusal(null)],
  ['kraken_v2', 'server_heartbeat', '{"channel":"heartbeat"}', heartbeat],
  ['kraken_v2', 'client_pong', '{"method":"pong","req_id":101,"time_in":"...","time_out":"..."}', pong('101')],
  [
    'kraken_v2',
    'welcome',
    '{"channel":"status","type":"update","data":[{"version":"2.0.10","system":"online","api_version":"v2","connection_id":6447481662169813000}]}',
    greeting,
  ],
  [
    'kraken_v2',
    'ack',
    '{"method":"subscribe","result":{"channel":"ticker","snapshot":true,"symbol":"ETH/USDT"},"success":true,"time_in":"...","time_out":"...","req_id":1}',
    ack('1'),
  ],
  [
    'kraken_v2',
    'error',
    '{"error":"...","method":"...","success":false,"time_in":"...","time_out":"..."}',
    refusal(null),
  ],
  ['okx_v5', 'client_pong', 'pong', pong(null)],
  [
    'okx_v5',
    'ack',
    '{"event":"subscribe","arg":{"channel":"tickers","instId":"BTC-USDT"},"connId":"a4d3ae55"}',
    ack(null),
  ],
  ['okx_v5', 'error', '{"event":"error","code":"60012","msg":"Illegal request: ...","connId":"..."}', refusal(null)],
  [
    'okx_v5',
    'close_notice',
    '{"event":"notice","code":"64008","msg":"The connection will soon be closed for a service upgrade. Please reconnect.","connId":"a4d3ae55"}',
    notice,
  ],
  ['bybit_v5', 'client_pong', '{"success":true,"ret_msg":"pong","conn_id":"...","op":"ping"}', pong(null)],
  ['bybit_v5', 'client_pong', '{"args":["1672916271846"],"op":"pong"}', pong(null)],
  ['bybit_v5', 'client_pong', '{"req_id":"test","op":"pong","args":["1675418560633"],"conn_id":"..."}', pong('"test"')],
  [
    'bybit_v5',
    'ack',
    '{"success":true,"ret_msg":"subscribe","conn_id":"...","req_id":"10001","op":"subscribe"}',
    ack('"10001"'),
  ],
  [
    'bybit_v5',
    'error',
    '{"success":false,"ret_msg":"error:invalid op","conn_id":"...","request":{"op":"","args":null}}',
    refusal(null),
  ],
  ['bitget_v2', 'client_pong', 'pong', pong(null)],
  [
    'bitget_v2',
    'ack',
    '{"event":"subscribe","arg":{"instType":"sp","channel":"books","instId":"CULTUSDT"}}',
    ack(null),
  ],
  ['bitget_v2', 'error', '{"event":"error","code":30015,"msg":"Invalid sign"}', refusal(null)],
  ['kucoin', 'client_pong', '{"id":"1545910590801","type":"pong"}', pong('"1545910590801"')],
  ['kucoin', 'welcome', '{"id":"<connectId>","type":"welcome"}', greeting],
  ['kucoin', 'ack', '{"id":"1545910660739","type":"ack"}', ack('"1545910660739"')],
  ['kucoin', 'error', '{"id":"1","type":"error","code":415,"data":"type is not supported"}', refusal('"1"')],
  ['gateio_v4', 'client_pong', '{"time":...,"channel":"spot.pong","event":"","error":null,"result":null}', pong(null)],
  ['htx', 'server_app_ping', '{"ping":1618678073643}', venuePing('{"pong":1618678073643}')],
  [
    'htx',
    'server_app_ping',
    '{"action":"ping","data":{"ts":1645108204665}}',
    venuePing('{"action":"pong","data":{"ts":1645108204665}}'),
  ],
  ['htx', 'server_app_ping', '{"op":"ping","ts":"1645202800015"}', venuePing('{"op":"pong","ts":"1645202800015"}')],
  ['htx', 'ack', '{"id":"1","status":"ok","subbed":"market.btcusdt.mbp.150","ts":1583414229143}', ack('"1"')],
  [
    'htx',
    'error',
    '{"ts":1586323747018,"status":"error","err-code":"bad-request","err-msg":"invalid mbp.150.symbol linkusdt","id":"2"}',
    refusal('"2"'),
  ],
  ['mexc_spot', 'client_pong', '{"id":0,"code":0,"msg":"PONG"}', pong(null)],
  ['mexc_spot', 'ack', '{"id":0,"code":0,"msg":"spot@public.aggre.deals.v3.api.pb@100ms@BTCUSDT"}', ack(null)],
  ['mexc_futures', 'client_pong', '{"channel":"pong","data":1587453241453}', pong(null)],
  ['bitfinex_v2', 'server_heartbeat', '[chanId,"hb"]', heartbeat],
  ['bitfinex_v2', 'server_heartbeat', '[chanId,"hb",seq]', heartbeat],
  ['bitfinex_v2', 'client_pong', '{"event":"pong","ts":1511545528111,"cid":123}', pong('123')],
  ['bitfinex_v2', 'welcome', '{"event":"info","version":2,"serverId":"...","platform":{"status":1}}', greeting],
  [
    'bitfinex_v2',
    'ack',
    '{"event":"subscribed","channel":"ticker","chanId":232949,"symbol":"tBFTUSD","pair":"BFTUSD"}',
    ack(null),
  ],
  ['bitfinex_v2', 'error', '{"event":"error","msg":"...","code":10305}', refusal(null)],
  ['bitfinex_v2', 'close_notice', '{"event":"info","code":20051}', notice],
  ['bitstamp_v2', 'client_pong', '{"event":"bts:heartbeat","channel":"","data":{"status":"success"}}', pong(null)],
  [
    'bitstamp_v2',
    'ack',
    '{"event":"bts:subscription_succeeded","channel":"diff_order_book_sgbeur","data":{}}',
    ack(null),
  ],
  [
    'bitstamp_v2',
    'error',
    '{"event":"bts:error","channel":"","data":{"code":4009,"message":"Connection is unauthorized."}}',
    refusal(null),
  ],
  ['bitstamp_v2', 'close_notice', '{"event":"bts:request_reconnect","channel":"","data":""}', notice],
  [
    'deribit_v2',
    'server_app_ping',
    '{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}}',
    venuePing('{"jsonrpc":"2.0","id":0,"method":"public/test","params":{}}'),
  ],
  ['deribit_v2', 'server_heartbeat', '{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"heartbeat"}}', heartbeat],
  ['deribit_v2', 'client_pong', '{"jsonrpc":"2.0","id":0,"result":{"version":"..."}}', pong('0')],
  [
    'cryptocom_v1',
    'server_app_ping',
    '{"id":1587523073344,"method":"public/heartbeat","code":0}',
    venuePing('{"id":1587523073344,"method":"public/respond-heartbeat"}'),
  ],
  ['cryptocom_v1', 'ack', '{"id":1,"method":"subscribe","code":0}', greeting],
  [
    'cryptocom_v1',
    'error',
    '{"id":0,"code":10004,"method":"subscribe","message":"invalid channel {...}"}',
    refusal(null),
  ],
  ['gemini_v2_md', 'server_heartbeat', '{"type":"heartbeat","timestamp":1624493666869}', heartbeat],
  ['gemini_v2_md', 'error', '{"reason":"NoValidTradingPairs","result":"error"}', refusal(null)],
  ['bitmex', 'ack', '{"success":true,"subscribe":"orderBookL2:XRPU21","request":{"op":"subscribe"', ack(null)],
  [
    'bitmex',
    'welcome',
    '{"info":"Welcome to the BitMEX Realtime API.","version":"...","timestamp":"...","docs":"...","limit":{"remaining":39}}',
    greeting,
  ],
  ['bitmex', 'error', '{"status":400,"error":"...","meta":{},"request":{...}}', refusal(null)],
  ['hyperliquid', 'client_pong', '{"channel":"pong"}', pong(null)],
  ['hyperliquid', 'welcome', 'Websocket connection established.', greeting],
  [
    'hyperliquid',
    'ack',
    '{"channel":"subscriptionResponse","data":{"method":"subscribe","subscription":{"type":"l2Book","coin":"BTC"',
    ack(null),
  ],
  [
    'hyperliquid',
    'error',
    '{"channel":"error","data":"Error parsing JSON into valid websocket request: ..."}',
    refusal(null),
  ],
  ['dydx_v4', 'welcome', '{"type":"connected","connection_id":"...","message_id":0}', greeting],
  [
    'dydx_v4',
    'ack',
    '{"type":"subscribed","connection_id":"...","message_id":1,"channel":"v4_trades","id":"BTC-USD","contents":{',
    ack(null),
  ],
  [
    'orderly',
    'server_app_ping',
    '{"event":"ping"}',
    { kind: 'venue-ping', answer: '{"event":"pong","ts":{now_ms}}', timed: true },
  ],
  ['orderly', 'client_pong', '{"event":"pong","ts":1614667590000}', pong(null)],
  ['helius_parsed_streams', 'client_pong', '{"jsonrpc":"2.0","id":99,"result":430172053}', pong('99')],
  ['dydx_v4', 'client_pong', '{"type":"pong","connection_id":"...","message_id":N,"id":"..."}', greeting],
  ['dydx_v4', 'error', '{"type":"error","message":"...","connection_id":"...","message_id":4}', refusal(null)],
  // The text ping only keeps this link alive: its answer is no pong.
  ['polymarket_clob', 'client_pong', 'PONG', heartbeat],
  ['polymarket_clob', 'error', '{"error":"..."}', refusal(null)],
  ['polymarket_rtds', 'error', '{"body":{"message":"... not found"},"statusCode":401}', refusal(null)],
  ['kalshi', 'ack', '{"id":1,"type":"subscribed","msg":{"channel":"orderbook_delta","sid":1}}', ack('1')],
  ['kalshi', 'error', '{"id":1,"type":"error","msg":{"code":6,"msg":"..."}}', refusal('1')],
  ['upbit', 'client_pong', '{"status":"UP"}', heartbeat],
  ['upbit', 'error', '{"error":{"name":"...","message":"..."}}', refusal(null)],
  ['bithumb', 'client_pong', '{"status":"UP"}', heartbeat],
  ['phemex', 'client_pong', '{"error":null,"id":1234,"result":"pong"}', heartbeat],
  ['phemex', 'ack', '{"error":null,"id":1,"result":{"status":"success"}}', ack('1')],
  ['phemex', 'error', '{"error":{"code":...,"message":"..."},"id":1,"result":null}', refusal('1')],
  ['alpaca_data', 'welcome', '[{"T":"success","msg":"connected"}]', greeting],
  ['alpaca_data', 'welcome', '[{"T":"success","msg":"authenticated"}]', greeting],
  ['alpaca_data', 'ack', '[{"T":"subscription","trades":["AAPL"],"quotes":["AMD"],"bars":["*"]}]', ack(null)],
  ['alpaca_data', 'error', '[{"T":"error","code":406,"msg":"connection limit exceeded"}]', farewell('slot')],
  ['polygon_massive', 'welcome', '[{"ev":"status","status":"connected","message":"Connected Successfully"}]', greeting],
  ['polygon_massive', 'ack', '[{"ev":"status","status":"success","message":"subscribed to: AM.*"}]', ack(null)],
  ['polygon_massive', 'close_notice', 'Maximum number of connections exceeded', farewell('evicted')],
  ['finnhub', 'server_app_ping', '{"type":"ping"}', venuePing(null)],
  ['finnhub', 'error', '{"type":"error","msg":"..."}', refusal(null)],
  ['ibkr_webapi', 'server_heartbeat', '{"topic":"system","hb":1702334206363}', heartbeat],
  ['ibkr_webapi', 'client_pong', '{"topic":"tic",', heartbeat],
  ['ibkr_webapi', 'welcome', '{"message":"waiting for session"}', greeting],
  ['ibkr_webapi', 'error', '{"topic":"error",', refusal(null)],
  ['kraken_futures', 'welcome', '{"event":"info","version":1}', greeting],
  ['kraken_futures', 'ack', '{"event":"subscribed","feed":"book","product_ids":["PI_XRPUSD"]}', ack(null)],
  ['poloniex', 'client_pong', '{"event":"pong"}', pong(null)],
  ['poloniex', 'ack', '{"event":"subscribe","channel":"book"}', ack(null)],
  ['poloniex', 'error', '{"event":"error","message":"Error Message"}', refusal(null)],
  ['whitebit', 'client_pong', '{"id":0,"result":"pong","error":null}', pong('0')],
  ['whitebit', 'error', '{"error":{"code":7,"message":"too many requests"},"result":null,"id":2269}', refusal(null)],
  ['ascendex', 'server_app_ping', '{"m":"ping","hp":3}', venuePing('{"op":"pong"}')],
];

/** Frames that are near to those above: what must not be mistaken. */
const OTHERS: readonly [venue: string, why: string, frame: string, expected: object][] = [
  ['htx', 'an integer beyond 2^53', '{"ping":9007199254740993}', venuePing('{"pong":9007199254740993}')],
  ['htx', 'a text stays a text', '{"op":"ping","ts":"0012"}', venuePing('{"op":"pong","ts":"0012"}')],
  ['htx', 'a ping without its value', '{"ping":', data],
  ['htx', 'the word ping in data', '{"ch":"market.pingusdt.ticker","ts":1,"tick":{"ping":1}}', data],
  [
    'cryptocom_v1',
    'the warning is answered, too',
    '{"id":18014398509481985,"method":"public/heartbeat","code":0,"message":"server did not receive any client heartbeat, going to disconnect soon"}',
    venuePing('{"id":18014398509481985,"method":"public/respond-heartbeat"}'),
  ],
  [
    'cryptocom_v1',
    'data that look like an ack',
    '{"id":-1,"method":"subscribe","code":0,"result":{"instrument_name":"BTC_USD","subscription":"trade.BTC_USD","channel":"trade","data":[]}}',
    data,
  ],
  ['ascendex', 'the last health point', '{"m":"ping","hp":0}', venuePing('{"op":"pong"}')],
  ['ascendex', 'a symbol called ping', '{"m":"trades","symbol":"PING/USDT","data":[]}', data],
  ['finnhub', 'the word ping in data', '{"data":[{"p":1,"s":"ping","t":1,"v":1}],"type":"trade"}', data],
  ['okx_v5', 'the word pong in data', '{"arg":{"channel":"tickers","instId":"pong"},"data":[]}', data],
  ['okx_v5', 'a pong and more', 'pong ', data],
  ['bitget_v2', 'the word pong in data', '{"arg":{"channel":"ticker","instId":"pong"},"data":[]}', data],
  ['bitfinex_v2', 'a heartbeat with its number', '[232949,"hb",17]', heartbeat],
  ['bitfinex_v2', 'a heartbeat without a number', '[232949,"hb"]', heartbeat],
  ['bitfinex_v2', 'maintenance begins', '{"event":"info","code":20060,"msg":""}', notice],
  ['bitfinex_v2', 'maintenance is over', '{"event":"info","code":20061,"msg":""}', notice],
  ['binance_spot', 'this server shuts down', '{"e":"serverShutdown","E":1770123456789}', notice],
  ['binance_usdm', 'an ack of another id', '{"result":null,"id":77}', ack('77')],
  [
    'gateio_v4',
    'an ack with an id',
    '{"time":1,"id":123,"channel":"spot.trades","event":"subscribe","error":null,"result":{"status":"success"}}',
    ack('123'),
  ],
  [
    'gateio_v4',
    'a refused subscribe',
    '{"time":1,"id":5,"channel":"spot.trades","event":"subscribe","error":{"code":2,"message":"unknown"},"result":null}',
    refusal('5'),
  ],
  [
    'gateio_v4',
    'an answer without an id is no ack, and no data',
    '{"time":1619093532,"channel":"spot.trades","event":"subscribe","result":{"status":"success"}}',
    greeting,
  ],
  [
    'deribit_v2',
    'channels that were accepted',
    '{"jsonrpc":"2.0","id":3,"result":["trades.BTC-PERPETUAL.100ms"]}',
    ack('3'),
  ],
  ['deribit_v2', 'an empty list accepts nothing', '{"jsonrpc":"2.0","id":3,"result":[]}', refusal('3')],
  [
    'deribit_v2',
    'a refused request',
    '{"jsonrpc":"2.0","id":8,"error":{"code":10028,"message":"too_many_requests"}}',
    refusal('8'),
  ],
  ['gemini_fast', 'a pong has the id 0', '{"id":"0","status":200,"result":{}}', pong(null)],
  ['gemini_fast', 'an ack has another', '{"id":"1","status":200,"result":null}', ack('"1"')],
  ['polymarket_perps', 'a pong', '{"id":4,"ts":1,"data":{"status":"ok","ts":1,"sq":9}}', pong('4')],
  ['polymarket_perps', 'an ack', '{"id":3,"data":[{"status":"ok"}]}', ack('3')],
  ['polymarket_perps', 'a refusal', '{"id":3,"data":[{"status":"err","error":"invalid channel"}]}', refusal('3')],
  ['phemex', 'a pong is no ack', '{"error":null,"id":0,"result":"pong"}', heartbeat],
  [
    'mexc_spot',
    'an ack is no pong',
    '{"id":0,"code":0,"msg":"spot@public.aggre.bookTicker.v3.api.pb@100ms@PONGUSDT"}',
    ack(null),
  ],
  [
    'mexc_spot',
    'a refused topic',
    '{"id":0,"code":0,"msg":"Not Subscribed successfully! [spot@x]. Reason: Blocked! "}',
    refusal(null),
  ],
  ['mexc_futures', 'an answer to a subscribe', '{"channel":"rs.sub.deal","data":"success","ts":1}', greeting],
  ['mexc_futures', 'an error', '{"channel":"rs.error","data":"x","ts":1}', refusal(null)],
  [
    'hyperliquid',
    'an unsubscribe settles nothing',
    '{"channel":"subscriptionResponse","data":{"method":"unsubscribe"}}',
    ack(null),
  ],
  ['whitebit', 'a pong of another id', '{"id":44,"result":"pong","error":null}', pong('44')],
  [
    'bybit_v5',
    'the pong of linear',
    '{"success":true,"ret_msg":"pong","conn_id":"x","req_id":"7","op":"ping"}',
    pong('"7"'),
  ],
  ['alpaca_data', 'refused credentials', '[{"T":"error","code":402,"msg":"auth failed"}]', farewell('credentials')],
  ['alpaca_data', 'a wrong request', '[{"T":"error","code":400,"msg":"invalid syntax"}]', refusal(null)],
  [
    'polygon_massive',
    'refused credentials',
    '[{"ev":"status","status":"auth_failed","message":"x"}]',
    farewell('credentials'),
  ],
  [
    'polygon_massive',
    'a newer login',
    '[{"ev":"status","status":"max_connections","message":"Maximum number of connections exceeded."}]',
    farewell('evicted'),
  ],
  ['ibkr_webapi', 'the session state', '{"topic":"sts","args":{"authenticated":true}}', greeting],
  ['ibkr_webapi', 'a lost session', '{"topic":"sts","args":{"authenticated":false}}', farewell('credentials')],
  ['kraken_v2', 'the rate of messages', '{"Error":"Exceeded msg rate"}', farewell('slow')],
  ['derive', 'the pong, word for word', 'pong', pong(null)],
  ['pacifica', 'a pong', '{"channel":"pong"}', pong(null)],
  ['polymarket_sports', 'the documented ping', 'ping', venuePing('pong')],
  ['polymarket_sports', 'a text that holds the word', '{"slug":"spring-camping-cup","live":true}', data],
];

/** What a subscription sends: the documented message, filled in. */
const SUBSCRIBES: readonly [venue: string, channel: string, symbol: string, id: number, message: string][] = [
  ['binance_spot', 'aggTrade', 'btcusdt', 1, '{"method":"SUBSCRIBE","params":["btcusdt@aggTrade"],"id":1}'],
  ['binance_usdm', 'aggTrade', 'btcusdt', 1, '{"method":"SUBSCRIBE","params":["btcusdt@aggTrade"],"id":1}'],
  [
    'kraken_v2',
    'ticker',
    'ETH/USDT',
    1,
    '{"method":"subscribe","params":{"channel":"ticker","symbol":["ETH/USDT"]},"req_id":1}',
  ],
  ['okx_v5', 'tickers', 'BTC-USDT', 1, '{"op":"subscribe","args":[{"channel":"tickers","instId":"BTC-USDT"}]}'],
  [
    'bitget_v2',
    'ticker',
    'BTCUSDT',
    1,
    '{"op":"subscribe","args":[{"instType":"SPOT","channel":"ticker","instId":"BTCUSDT"}]}',
  ],
  [
    'mexc_spot',
    'aggre.deals',
    'BTCUSDT',
    1,
    '{"method":"SUBSCRIPTION","params":["spot@public.aggre.deals.v3.api.pb@100ms@BTCUSDT"]}',
  ],
  ['mexc_futures', 'deal', 'BTC_USDT', 1, '{"method":"sub.deal","param":{"symbol":"BTC_USDT"},"gzip":false}'],
  ['bitfinex_v2', 'ticker', 'tBTCUSD', 1, '{"event":"subscribe","channel":"ticker","symbol":"tBTCUSD"}'],
  [
    'bitstamp_v2',
    'diff_order_book',
    'btcusd',
    1,
    '{"event":"bts:subscribe","data":{"channel":"diff_order_book_btcusd"}}',
  ],
  [
    'deribit_v2',
    'trades',
    'BTC-PERPETUAL',
    3,
    '{"jsonrpc":"2.0","id":3,"method":"public/subscribe","params":{"channels":["trades.BTC-PERPETUAL.100ms"]}}',
  ],
  ['gemini_v2_md', 'l2', 'BTCUSD', 1, '{"type":"subscribe","subscriptions":[{"name":"l2","symbols":["BTCUSD"]}]}'],
  ['bitmex', 'orderBookL2', 'XBTUSD', 1, '{"op":"subscribe","args":["orderBookL2:XBTUSD"]}'],
  ['hyperliquid', 'l2Book', 'BTC', 1, '{"method":"subscribe","subscription":{"type":"l2Book","coin":"BTC"}}'],
  ['dydx_v4', 'v4_trades', 'BTC-USD', 1, '{"type":"subscribe","channel":"v4_trades","id":"BTC-USD","batched":false}'],
  ['phemex', 'orderbook', 'BTCUSD', 1, '{"id":1,"method":"orderbook.subscribe","params":["BTCUSD"]}'],
  ['finnhub', 'trades', 'AAPL', 1, '{"type":"subscribe","symbol":"AAPL"}'],
  ['ibkr_webapi', 'smd', '265598', 1, 'smd+265598+{"fields":["31","84","86"]}'],
  ['kraken_futures', 'book', 'PI_XRPUSD', 1, '{"event":"subscribe","feed":"book","product_ids":["PI_XRPUSD"]}'],
  ['poloniex', 'book', 'BTC_USDT', 1, '{"event":"subscribe","channel":["book"],"symbols":["BTC_USDT"]}'],
];

/** Venues whose ack names the subscription: the ack, and what it settles. */
const NAMED_ACKS: readonly [venue: string, channel: string, symbol: string, ack: string][] = [
  [
    'coinbase_exchange',
    'level2',
    'ETH-USD',
    '{"type":"subscriptions","channels":[{"name":"level2","product_ids":["ETH-USD"]}]}',
  ],
  [
    'coinbase_advanced',
    'ticker',
    'ETH-USDT',
    '{"channel":"subscriptions","client_id":"","timestamp":"t","sequence_num":1,"events":[{"subscriptions":{"heartbeats":["heartbeats"],"ticker":["ETH-USDT"]}}]}',
  ],
  [
    'okx_v5',
    'tickers',
    'BTC-USDT',
    '{"event":"subscribe","arg":{"channel":"tickers","instId":"BTC-USDT"},"connId":"a4d3ae55"}',
  ],
  [
    'bitget_v2',
    'books',
    'CULTUSDT',
    '{"event":"subscribe","arg":{"instType":"sp","channel":"books","instId":"CULTUSDT"}}',
  ],
  ['mexc_spot', 'aggre.deals', 'BTCUSDT', '{"id":0,"code":0,"msg":"spot@public.aggre.deals.v3.api.pb@100ms@BTCUSDT"}'],
  [
    'bitfinex_v2',
    'ticker',
    'tBFTUSD',
    '{"event":"subscribed","channel":"ticker","chanId":232949,"symbol":"tBFTUSD","pair":"BFTUSD"}',
  ],
  [
    'bitstamp_v2',
    'diff_order_book',
    'sgbeur',
    '{"event":"bts:subscription_succeeded","channel":"diff_order_book_sgbeur","data":{}}',
  ],
  [
    'bitmex',
    'trade',
    'XBTUSD',
    '{"success":true,"subscribe":"trade:XBTUSD","request":{"op":"subscribe","args":["trade:XBTUSD","trade:ETHUSD"]}}',
  ],
  [
    'hyperliquid',
    'l2Book',
    'BTC',
    '{"channel":"subscriptionResponse","data":{"method":"subscribe","subscription":{"type":"l2Book","coin":"BTC","nSigFigs":null}}}',
  ],
  [
    'dydx_v4',
    'v4_trades',
    'BTC-USD',
    '{"type":"subscribed","connection_id":"c","message_id":1,"channel":"v4_trades","id":"BTC-USD","contents":{}}',
  ],
  ['alpaca_data', 'trades', 'AAPL', '[{"T":"subscription","trades":["AAPL"],"quotes":["AMD"],"bars":["*"]}]'],
  ['polygon_massive', 'AM', 'AAPL', '[{"ev":"status","status":"success","message":"subscribed to: AM.AAPL"}]'],
  ['kraken_futures', 'book', 'PI_XRPUSD', '{"event":"subscribed","feed":"book","product_ids":["PI_XRPUSD"]}'],
  ['ascendex', 'depth', 'ZIG/USDT', '{"m":"sub","ch":"depth:ZIG/USDT","code":0}'],
];

/** Data of a subscription, as recorded or as clients quote them. */
const DATA: readonly [venue: string, channel: string, symbol: string, frame: string][] = [
  [
    'binance_spot',
    'aggTrade',
    'nknusdt',
    '{"stream":"nknusdt@aggTrade","data":{"e":"aggTrade","E":1633998512068,"s":"NKNUSDT","a":7,"p":"0.35","q":"6"}}',
  ],
  [
    'binance_usdm',
    'markPrice',
    'btcusdt',
    '{"stream":"btcusdt@markPrice@1s","data":{"e":"markPriceUpdate","E":1562305380000,"s":"BTCUSDT","p":"11794.15000000"}}',
  ],
  [
    'coinbase_exchange',
    'ticker',
    'SKL-GBP',
    '{"type":"ticker","sequence":27883326,"product_id":"SKL-GBP","price":"0.5752","time":"2021-04-17T16:43:29.571587Z","trade_id":82007,"last_size":"1008.2"}',
  ],
  [
    'coinbase_exchange',
    'matches',
    'SKL-GBP',
    '{"type":"last_match","trade_id":82007,"maker_order_id":"9d2861bd","taker_order_id":"dd068ce5","side":"buy","size":"1008.2","price":"0.5752","product_id":"SKL-GBP","sequence":27883326,"time":"2021-04-17T16:43:29.571587Z"}',
  ],
  [
    'coinbase_advanced',
    'ticker',
    'BTC-USD',
    '{"channel":"ticker","client_id":"","timestamp":"2026-08-08T12:00:00Z","sequence_num":3,"events":[{"type":"update","tickers":[{"type":"ticker","product_id":"BTC-USD","price":"1"}]}]}',
  ],
  [
    'kraken_v2',
    'ticker',
    'BTC/USD',
    '{"channel":"ticker","type":"update","data":[{"symbol":"BTC/USD","bid":1.0,"ask":1.1}]}',
  ],
  [
    'okx_v5',
    'trades',
    'BTC-USDT',
    '{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT","tradeId":"1","px":"29700.4","sz":"1","side":"buy","ts":"1652459225000"}]}',
  ],
  [
    'bybit_v5',
    'orderbook.1',
    'BANDUSDT',
    '{"topic":"orderbook.1.BANDUSDT","type":"snapshot","ts":1749833474773,"data":{"s":"BANDUSDT","b":[["0.6131","17.9"]],"a":[["0.6134","35.4"]],"u":24042997,"seq":209972815373},"cts":1749833474768}',
  ],
  [
    'bitget_v2',
    'ticker',
    'DASHUSDT',
    '{"action":"snapshot","arg":{"instType":"mc","channel":"ticker","instId":"DASHUSDT"},"data":[{"instId":"DASHUSDT","last":"113.370"}]}',
  ],
  [
    'kucoin',
    'level2',
    'BCHSV-USDT',
    '{"data":{"sequenceStart":1613277183874,"symbol":"BCHSV-USDT","changes":{"asks":[],"bids":[]},"sequenceEnd":1613277183874},"subject":"trade.l2update","topic":"/market/level2:BCHSV-USDT","type":"message"}',
  ],
  [
    'gateio_v4',
    'order_book_update',
    'HAI_ETH',
    '{"time":1619093532,"channel":"spot.order_book_update","event":"update","result":{"t":1619093532978,"e":"depthUpdate","E":1619093532,"s":"HAI_ETH","U":2691446,"u":2691446,"b":[],"a":[]}}',
  ],
  [
    'htx',
    'depth.step0',
    'trioeth',
    '{"ch":"market.trioeth.depth.step0","ts":1618678069870,"tick":{"bids":[[9.121E-7,92730.24]],"asks":[],"version":100182534697,"ts":1618678069868}}',
  ],
  [
    'mexc_futures',
    'deal',
    'BTC_USDT',
    '{"symbol":"BTC_USDT","data":{"p":6866.5,"v":2096},"channel":"push.deal","ts":1587442022003}',
  ],
  [
    'bitstamp_v2',
    'diff_order_book',
    'usdtusd',
    '{"data":{"timestamp":"1641343691","microtimestamp":"1641343691591603","bids":[],"asks":[["0.99991","0.00000"]]},"channel":"diff_order_book_usdtusd","event":"data"}',
  ],
  [
    'deribit_v2',
    'ticker',
    'BTC-PERPETUAL',
    '{"jsonrpc":"2.0","method":"subscription","params":{"channel":"ticker.BTC-PERPETUAL.100ms","data":{"timestamp":1626993723632,"stats":{"volume":869.0},"state":"open"}}}',
  ],
  [
    'cryptocom_v1',
    'ticker',
    'BTC_USD',
    '{"id":-1,"method":"subscribe","code":0,"result":{"instrument_name":"BTC_USD","subscription":"ticker.BTC_USD","channel":"ticker","data":[{"h":"64531.99","t":1613580710768}]}}',
  ],
  [
    'gemini_v2_md',
    'l2',
    'FILUSD',
    '{"type":"trade","symbol":"FILUSD","event_id":45465797135,"timestamp":1624493658905,"price":"0.07946","quantity":"2799.742271","side":"buy"}',
  ],
  [
    'bitmex',
    'quote',
    'XBTUSD',
    '{"table":"quote","action":"insert","data":[{"timestamp":"2021-07-22T22:36:09.757Z","symbol":"XBTUSD","bidSize":1046200,"bidPrice":32180,"askPrice":32180.5,"askSize":161000}]}',
  ],
  [
    'hyperliquid',
    'l2Book',
    'BTC',
    '{"channel":"l2Book","data":{"coin":"BTC","time":1,"levels":[[{"px":"0.1","sz":"1","n":1}],[]]}}',
  ],
  [
    'dydx_v4',
    'v4_trades',
    'BTC-USD',
    '{"type":"channel_data","connection_id":"c","message_id":21,"id":"BTC-USD","channel":"v4_trades","version":"2.1.0","contents":{"trades":[]}}',
  ],
  [
    'polymarket_clob',
    'market',
    '7132',
    '{"event_type":"book","asset_id":"7132","market":"0xbd","bids":[],"asks":[],"timestamp":"1","hash":"0x"}',
  ],
  ['polymarket_perps', 'bbo', '6', '{"ch":"bbo::6","ts":1,"data":{"bp":"1","ap":"2"}}'],
  [
    'upbit',
    'trade',
    'KRW-LAMB',
    '{"ty":"trade","cd":"KRW-LAMB","tms":1618678262712,"td":"2021-04-17","ttm":"16:51:02","ttms":1618678262000,"tp":127.0,"tv":46.48838371,"ab":"BID","sid":1618678262000003,"st":"REALTIME"}',
  ],
  [
    'phemex',
    'orderbook',
    'YFIUSD',
    '{"book":{"asks":[[329915000,1559]],"bids":[]},"depth":30,"sequence":17652788219,"symbol":"YFIUSD","timestamp":1625342241094406504,"type":"snapshot"}',
  ],
  [
    'alpaca_data',
    'trades',
    'AAPL',
    '[{"T":"t","i":96921,"S":"AAPL","x":"D","p":126.55,"s":1,"t":"2021-02-22T15:51:44.208Z","c":["@","I"],"z":"C"}]',
  ],
  [
    'polygon_massive',
    'T',
    'MSFT',
    '[{"ev":"T","sym":"MSFT","x":4,"i":"12345","z":3,"p":114.125,"s":100,"c":[0,12],"t":1536036818784,"q":3681328}]',
  ],
  [
    'finnhub',
    'trades',
    'BINANCE:BTCUSDT',
    '{"data":[{"p":7296.89,"s":"BINANCE:BTCUSDT","t":1575526691134,"v":0.011467}],"type":"trade"}',
  ],
  [
    'ibkr_webapi',
    'smd',
    '265598',
    '{"server_id":"q0","conid":265598,"_updated":1702334859712,"31":"193.18","topic":"smd+265598"}',
  ],
  [
    'kraken_futures',
    'book',
    'PI_XRPUSD',
    '{"feed":"book","product_id":"PI_XRPUSD","side":"buy","seq":91193,"price":439.3,"qty":0.0,"timestamp":1626994925378}',
  ],
  [
    'poloniex',
    'ticker',
    'BTC_USDT',
    '{"channel":"ticker","data":[{"symbol":"BTC_USDT","close":"1","ts":1648052239156}]}',
  ],
  [
    'ascendex',
    'depth',
    'CHZ/USDT',
    '{"m":"depth","symbol":"CHZ/USDT", "data":{"ts":1618677609116,"seqnum":21034366119,"asks":[["0.63","0"]],"bids":[]}}',
  ],
];

/** Data of venues whose messages do not name the subscription in a way that a piece could tell. */
const UNNAMED_DATA: readonly [venue: string, frame: string][] = [
  ['bitfinex_v2', '[232949,[0.068965,60157.36709703,0.0774,48578.50804052],1]'],
  ['gemini_fast', '{"e":"trade","E":1,"s":"btcusd","t":1,"p":"1","q":"1"}'],
  [
    'polymarket_rtds',
    '{"topic":"crypto_prices","type":"update","timestamp":1,"payload":{"symbol":"btcusdt","value":1}}',
  ],
  ['polymarket_sports', '{"gameId":1,"live":true,"score":"3-1"}'],
  ['kalshi', '{"type":"ticker","sid":11,"msg":{"market_ticker":"FED-23DEC-T3.00","price":48}}'],
  ['bithumb', '{"type":"ticker","code":"KRW-BTC","trade_price":1,"stream_type":"REALTIME"}'],
  ['whitebit', '{"method":"lastprice_update","params":["BTC_USDT","1"],"id":null}'],
  ['derive', '{"method":"subscription","params":{"channel":"x","data":{}}}'],
  ['helius_parsed_streams', '{"jsonrpc":"2.0","method":"notification","params":{"subscription":1}}'],
  ['orderly', '{"topic":"PERP_ETH_USDC@trade","ts":1614152140945,"data":{}}'],
  ['pacifica', '{"channel":"prices","data":[]}'],
];

/** The ping that is sent, where the documents show one with this id. */
const PINGS: readonly [venue: string, id: number, message: string][] = [
  ['kraken_v2', 101, '{"method":"ping","req_id":101}'],
  ['okx_v5', 1, 'ping'],
  ['bybit_v5', 100001, '{"req_id":"100001","op":"ping"}'],
  ['bitget_v2', 1, 'ping'],
  ['kucoin', 1545910590801, '{"id":"1545910590801","type":"ping"}'],
  ['gateio_v4', 1, '{"channel":"spot.ping"}'],
  ['mexc_spot', 1, '{"method":"PING"}'],
  ['mexc_futures', 1, '{"method":"ping"}'],
  ['bitfinex_v2', 1234, '{"event":"ping","cid":1234}'],
  ['bitstamp_v2', 1, '{"event":"bts:heartbeat"}'],
  ['hyperliquid', 1, '{"method":"ping"}'],
  ['poloniex', 1, '{"event":"ping"}'],
  ['whitebit', 0, '{"id":0,"method":"ping","params":[]}'],
];

function expectInFacts(venue: string, field: string, text: string): void {
  const found = facts.find(({ id }) => id === venue);
  if (found !== undefined) expect(found[field], `${venue}.${field}`).toContain(text);
}

describe('the presets', () => {
  it('[C3] there is one for every venue with a WebSocket, and each says where it is from and of when', () => {
    const named = [...presets.keys()].filter((name) => !name.startsWith('demo_'));
    expect(named.sort()).toEqual(VENUES);
    if (facts.length > 0) expect([...VENUES, ...NO_PRESET].sort()).toEqual(facts.map(({ id }) => id).sort());
    for (const name of VENUES) {
      const { source, facts_as_of, note = '', venue } = presetOf(name);
      expect(URL.canParse(source), name).toBe(true);
      expect(facts_as_of).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
      expect(note.length, name).toBeGreaterThan(40);
      expect(venue).not.toBe('');
    }
  });

  it('[C3] their sources are addresses at which facts of that venue were seen', () => {
    for (const found of facts.filter(({ id }) => VENUES.includes(id))) {
      const seenAt = Object.values(found['src'] as Record<string, string | null>);
      expect(seenAt, found.id).toContain(presetOf(found.id).source);
    }
    expect(new Set(VENUES.map((name) => presetOf(name).source)).size).toBeGreaterThan(30);
  });

  it('[C3] addresses are those of the facts, encrypted, and without a place for a token that nobody asks for', () => {
    for (const name of VENUES) {
      const { url, more_urls, token } = presetOf(name);
      // A token, or a key from the environment, is no part of the address as the facts have it.
      const bare = /\{(token|secret:\w+)\}/.test(url ?? '') ? url?.split('?')[0] : url;
      expect(url?.includes('{token}') ?? false, name).toBe(token !== undefined);
      const all = [...(bare === undefined ? [] : [bare]), ...more_urls];
      expect(all.length === 0, name).toBe(WITHOUT_ADDRESS.includes(name));
      if (all.length === 0) expect(presetOf(name).needs).toContain('address');
      for (const one of all) expect(one).toMatch(/^wss:\/\/[a-z0-9.-]+(:\d+)?(\/[A-Za-z0-9/.-]*)?$/);
      const known = facts.find(({ id }) => id === name)?.ws_urls;
      // The combined stream of Binance is documented with its names in the address, and works without.
      const texts = known?.map((one) => one.split(/[ ?]/)[0]) ?? [];
      const same = (one: string) => texts.includes(one) || texts.includes(one.replace(/\/stream$/, '/ws'));
      if (known !== undefined)
        expect(
          all.filter((one) => !same(one)),
          name,
        ).toEqual([]);
    }
  });

  it('[C3] a note names what is from memory wherever the facts that it rests on are', () => {
    for (const { id, conf } of facts.filter((one) => VENUES.includes(one.id))) {
      const used = [
        'ack',
        'client_pong',
        'subscribe',
        'error',
        'welcome',
        'client_ping',
        'idle_timeout_s',
        'max_conn_age_s',
      ];
      const remembered = used.filter((field) => (conf as Record<string, string | null>)[field] === 'memory');
      if (remembered.length > 0) expect(presetOf(id).note, `${id}: ${remembered}`).toMatch(/[Ff]rom memory/);
    }
    expect(presetOf('kraken_v2').note).toMatch(/From memory/);
  });

  it.each(VENUES)('[L2] %s pings within the limits of its venue, or not at all', (name) => {
    const { ping, limits, keepalive, knobs } = presetOf(name);
    expect(ping.kind === 'none', 'none only where nothing is answered').toBe(WITHOUT_PONG.includes(name));
    const interval = knobs.ping_interval_secs ?? BUILT_IN.ping_interval_secs;
    expect(interval).toBeGreaterThanOrEqual(limits.ping_interval_min_secs ?? 0);
    expect(interval).toBeLessThanOrEqual(limits.ping_interval_max_secs ?? 3600);
    const found = facts.find(({ id }) => id === name);
    const idle = found?.['idle_timeout_s'];
    const limit = keepalive?.every_secs ?? limits.ping_interval_max_secs;
    // A client that must ping does so well inside the venue's patience.
    if (found?.['client_ping_mandatory'] === true && typeof idle === 'number') expect(limit).toBeLessThan(idle);
    if (keepalive !== undefined) expect(ping.kind).toBe('protocol');
    if (found?.['client_ping_frame_ok'] === false) expect(ping.kind).not.toBe('protocol');
  });

  it.each(VENUES)('[L9] [L22] %s is never told or dialled faster than its venue allows', (name) => {
    const { limits } = presetOf(name);
    const found = facts.find(({ id }) => id === name);
    const rate = (count: unknown, window: unknown) => Number(count) / Number(window);
    if (found?.['max_client_msgs'] != null) {
      const allowed = rate(found['max_client_msgs'], found['max_client_msgs_window_s']);
      // What the facts call messages are, at OKX, the subscribe messages.
      const { subscribes = Number.POSITIVE_INFINITY } = limits;
      const most = Math.min(
        rate(limits.messages, limits.messages_window_secs),
        rate(subscribes, limits.subscribes_window_secs),
      );
      expect(most).toBeLessThanOrEqual(allowed);
    }
    if (found?.['max_conn_attempts'] != null) {
      const allowed = rate(found['max_conn_attempts'], found['max_conn_attempts_window_s']);
      expect(rate(limits.dials, limits.dials_window_secs)).toBeLessThanOrEqual(allowed);
    }
    for (const [limit, field] of [
      [limits.subscriptions, 'max_subs_per_conn'],
      [limits.sockets, 'max_concurrent_conns'],
      [limits.max_age_secs, 'max_conn_age_s'],
    ] as const) {
      if (found?.[field] != null)
        expect(limit ?? Number.POSITIVE_INFINITY, field).toBeLessThanOrEqual(Number(found[field]));
    }
    expect(limits.messages === undefined, 'only a feed without messages has no limit').toBe(
      name === 'polymarket_sports',
    );
  });

  it.each(VENUES)('[C3] the templates of %s become messages, one for each subscription', (name) => {
    const { channels, whole, login, keepalive, ack: rule } = presetOf(name);
    const filled = (template: string) => fill(template, { id: '7', symbol: 'X', value: '1' });
    for (const [channel, one] of Object.entries(channels)) {
      for (const template of [one.subscribe, one.unsubscribe ?? '{}']) {
        const text = filled(template);
        if (!text.startsWith('smd+') && !text.startsWith('umd+')) expect(JSON.parse(text), channel).toBeTruthy();
      }
      if (rule.kind === 'id') expect(one.subscribe).toContain('{id}');
      if (whole !== undefined) expect(one.unsubscribe).toBeUndefined();
    }
    if (whole !== undefined) {
      const all = Object.values(channels).map((one) => filled(one.subscribe));
      expect(JSON.parse(fill(whole, { all: all.join(',') }))).toBeTruthy();
    }
    if (login !== undefined) expect(JSON.parse(login)).toBeTypeOf('object');
    if (keepalive?.send.startsWith('{')) expect(JSON.parse(keepalive.send)).toBeTypeOf('object');
    // Its first piece tells the frame before it is known whose it is.
    if (rule.kind === 'contains') expect(rule.pieces[0]).not.toMatch(/\{(symbol|channel)\}/);
  });
});

describe('the dialects', () => {
  it.each(DOCUMENTED)('[C3] [L3] %s, %s: %s', (venue, field, frame, expected) => {
    expectInFacts(venue, field, frame);
    expect(kindOf(venue, frame)).toMatchObject(expected);
    if ('id' in expected) expect(kindOf(venue, frame)).toEqual(expected);
  });

  it.each(OTHERS)('[C3] [L3] %s: %s', (venue, _why, frame, expected) => {
    expect(kindOf(venue, frame)).toMatchObject(expected);
  });

  it('[C3] every venue has its data, and what is answered or greeted where the facts have it', () => {
    const withData = [...DATA.map(([venue]) => venue), ...UNNAMED_DATA.map(([venue]) => venue), 'mexc_spot'];
    expect([...new Set(withData)].sort()).toEqual(VENUES);
    const fields = ['server_app_ping', 'server_heartbeat', 'client_pong', 'ack', 'error', 'close_notice'];
    const shown = new Set(DOCUMENTED.map(([venue, field]) => `${venue}.${field}`));
    const missing = facts
      .filter(({ id }) => VENUES.includes(id))
      .flatMap((one) =>
        fields.filter((field) => /^[[{]/.test(String(one[field] ?? ''))).map((field) => `${one.id}.${field}`),
      )
      .filter((name) => !shown.has(name));
    // These are shown with other words in OTHERS: the facts abbreviate them.
    expect(missing.sort()).toEqual(
      facts.length === 0
        ? []
        : [
            'deribit_v2.ack',
            'deribit_v2.error',
            'gateio_v4.ack',
            'gateio_v4.error',
            'gemini_fast.ack',
            'gemini_fast.client_pong',
            'mexc_futures.error',
            'polygon_massive.error',
          ],
    );
  });

  it.each(SUBSCRIBES)('[L9] %s subscribes %s as documented', (venue, channel, symbol, id, message) => {
    expectInFacts(venue, 'subscribe', message);
    const template = presetOf(venue).channels[channel]?.subscribe ?? '';
    expect(fill(template, { symbol, channel, id: String(id) })).toBe(message);
  });

  it.each(NAMED_ACKS)(
    '[L9] %s: the ack of %s is of that subscription and of no other',
    (venue, channel, symbol, frame) => {
      expect(kindOf(venue, frame)).toEqual(ack(null));
      const rule = presetOf(venue).ack;
      const settles = (values: Record<string, string>) =>
        rule.kind === 'contains' && rule.pieces.every((piece) => frame.includes(fill(piece, values)));
      expect(settles({ channel, symbol })).toBe(true);
      expect(settles({ channel, symbol: 'OTHER' })).toBe(false);
      expect(settles({ channel: 'other', symbol })).toBe(false);
    },
  );

  it.each(DATA)('[C3] %s: data of %s are told from those of others', (venue, channel, symbol, frame) => {
    expect(kindOf(venue, frame)).toEqual(data);
    const pieces = presetOf(venue).channels[channel]?.data ?? [];
    expect(pieces.length).toBeGreaterThan(0);
    const holds = (name: string) => pieces.every((piece) => frame.includes(fill(piece, { channel, symbol: name })));
    expect(holds(symbol)).toBe(true);
    expect(holds('OTHER')).toBe(false);
  });

  it.each(UNNAMED_DATA)('[C3] %s: data are data', (venue, frame) => {
    expect(kindOf(venue, frame)).toEqual(data);
  });

  it('[C3] MEXC sends data as protobuf, with the name of the topic inside', () => {
    const topic = 'spot@public.aggre.deals.v3.api.pb@100ms@BTCUSDT';
    const frame = Buffer.concat([
      Buffer.from([0x0a, topic.length]),
      Buffer.from(topic),
      Buffer.from([0x1a, 0x07, 0xff]),
    ]);
    expect(new Dialect(presetOf('mexc_spot')).kindOf(frame, { pongs: true, acks: true, inFull: true })).toEqual(data);
    const pieces = presetOf('mexc_spot').channels['aggre.deals']?.data ?? [];
    expect(pieces.every((piece) => frame.includes(fill(piece, { symbol: 'BTCUSDT' })))).toBe(true);
    expect(pieces.every((piece) => frame.includes(fill(piece, { symbol: 'ETHUSDT' })))).toBe(false);
  });

  it.each(PINGS)('[L2] %s: ping %i is the documented one, and its pong brings it back', (venue, id, message) => {
    expectInFacts(venue, 'client_ping', message);
    expect(new Dialect(presetOf(venue)).ping(id, 'n')).toMatchObject({ kind: 'text', text: message });
  });

  it('[L2] a pong is matched by the id as it was sent: a text stays a text, a number a number', () => {
    expect(new Dialect(presetOf('kucoin')).ping(7, 'n')?.id).toBe('"7"');
    expect(new Dialect(presetOf('bybit_v5')).ping(7, 'n')?.id).toBe('"7"');
    expect(new Dialect(presetOf('kraken_v2')).ping(7, 'n')?.id).toBe('7');
    expect(new Dialect(presetOf('gemini_fast')).ordered).toBe(true);
  });

  it('[L2] where ping frames are allowed they measure, and the dialect keeps the link alive', () => {
    const alive = VENUES.filter((name) => presetOf(name).keepalive !== undefined);
    expect(alive).toEqual(['ibkr_webapi', 'phemex', 'polymarket_clob']);
    for (const name of alive) expect(presetOf(name).ping.kind).toBe('protocol');
    expect(kindOf('phemex', '{"error":null,"id":0,"result":"pong"}')).toEqual(heartbeat);
    expect(kindOf('polymarket_clob', 'PONG')).toEqual(heartbeat);
  });

  it('[L5] where acks go by id, one without an id answers a raw message: no ack of ours, and no data', () => {
    for (const name of VENUES) {
      const { ack: rule, greetings, refusal: refused } = presetOf(name);
      if (rule.kind !== 'id') continue;
      expect(kindOf(name, `{${rule.match}`), name).toEqual(greeting);
      expect(greetings, name).not.toContain(refused);
    }
  });

  it('[L18] closes of the venue are told apart by code and text', () => {
    const classes = (name: string) => presetOf(name).closes.map(({ code, match, class: cls }) => [code, match, cls]);
    expect(classes('binance_spot')).toEqual([
      [1008, 'Too many requests', 'slow'],
      [1008, 'Pong timeout', 'client'],
    ]);
    expect(classes('binance_usdm')).toEqual([
      [1008, 'Too many requests', 'slow'],
      [1008, 'Invalid request', 'client'],
    ]);
  });

  it('[L10] no preset holds a secret: credentials are asked for by name', () => {
    const templates = VENUES.map(presetOf).flatMap(({ login, url, more_urls }) =>
      [login ?? [], url ?? [], more_urls].flat(),
    );
    const named = templates.flatMap((text) => [...text.matchAll(/\{secret:(\w+)\}/g)].map((match) => match[1]));
    expect(named.sort()).toEqual(['ALPACA_KEY', 'ALPACA_SECRET', 'FINNHUB_KEY', 'IBKR_SESSION', 'POLYGON_KEY']);
    for (const { note, needs } of VENUES.map(presetOf)) expect(`${note} ${needs}`).not.toMatch(/(token|key)=[A-Z]/);
  });
});
