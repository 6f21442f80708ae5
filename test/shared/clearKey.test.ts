import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtInPresets } from '../../src/main/settings/presets.ts';
import { clearKeysIn, withoutClearKeys } from '../../src/shared/clearKey.ts';
import { quotedLine } from '../../src/shared/quotedLine.ts';
import { readCapture } from '../presets/capture.ts';

/** As Binance gives one for the stream of an account. */
const LISTEN_KEY = 'pqia91ma19a5s61cv6a81va65sdf19v8a65a1a5s61cv6a81va65sdf19v8a65a1';
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
/** Of 32 bytes: it could be an account on a chain. */
const LIKE_AN_ACCOUNT = 'Ak765fp4zUm6uVwKu4annC8M8Rd2nCZkR7pAEsm6XXiW';
const SUBSCRIBE = '{"method":"SUBSCRIBE","params":["btcusdt@trade","•••"],"id":1}';

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

describe('clearKeysIn', () => {
  const named = [
    'token,key,secret,password,passphrase,signature,sign,sig,auth,jwt',
    'pwd,pass,passwd,passcode,credential,credentials,bearer,authorization,userPass,user_pwd',
    'api_key,api-key,apikey,appkey,token2,api_key_1,APIKEY2,pw,AccessKeyId,APIKEY,apiKey,X-API-KEY,x.api.key,listenKey,listen_key,accessToken,access_token,authSig',
    'secretkey,secretToken,wstoken,ws_auth,usertoken,userkey,feedtoken,logintoken,refreshtoken,ticket,otp,sessionId,session_id',
  ].flatMap((names) => names.split(','));

  it.each(named)('[L10] %s= in an address is a credential', (name) => {
    expect(clearKeysIn(`wss://a/ws?v=1&${name}=abc#x`)).toEqual([{ name, value: 'abc', written: `${name}=abc` }]);
    expect(withoutClearKeys(`wss://a/ws?v=1&${name}=abc&w=2`)).toBe(`wss://a/ws?v=1&${name}=•••&w=2`);
  });

  it.each([
    'monkey',
    'turkey',
    'keyboard',
    'design',
    'author',
    'tokens',
    'stream',
    'key_id',
    'route66',
    'keyboard2',
    'pawn',
    'hotKeys',
    'bypass',
    'compass',
    'passive',
    'newskey',
    'basetoken',
    'publickey',
    'ticker',
    'session',
    'sid',
  ])('[L10] %s= is none', (name) => {
    expect(clearKeysIn(`wss://a/?${name}=abc`)).toEqual([]);
  });

  it.each([
    ['session=9f8e7d6c', 'session=•••'],
    ['sid=9f8e7d6c5b4a3210', 'sid=•••'],
    ['sid=123456789012', 'sid=•••'],
    ['session=regular', null],
    ['session=20240927', null],
    ['sid=1000pepeusdt', null],
    ['sid=12345', null],
  ])('[L10] a session of the venue is told by its value: %s', (query, shown) => {
    expect(withoutClearKeys(`wss://a/?v=1&${query}`)).toBe(`wss://a/?v=1&${shown ?? query}`);
  });

  it.each(['{secret:KEY}', '{token}', '{hmac-sha256-hex:KEY:{now_ms}}', 'true', '1', 'none'])(
    '[L10] what is filled in later, or opens nothing, is none: token=%s',
    (value) => {
      expect(clearKeysIn(`wss://a/?token=${value}`)).toEqual([]);
    },
  );

  it.each([
    ['{"op":"auth","apiKey":"abc","authSig" : "de f"}', '{"op":"auth","apiKey":"•••","authSig" : "•••"}'],
    ['{"params":{"token":"WW91IGNhbm5vdA=="}}', '{"params":{"token":"•••"}}'],
    ['x = "{\\"password\\":\\"abc\\"}"', 'x = "{\\"password\\":\\"•••\\"}"'],
    [String.raw`{"passphrase":"a\"tail0005","x":"y"}`, '{"passphrase":"•••","x":"y"}'],
    [String.raw`{"password":"back\\","x":"y"}`, '{"password":"•••","x":"y"}'],
    [
      String.raw`x = "{\"password\":\"a\\\"tail\\\\\",\"x\":\"y\"}"`,
      String.raw`x = "{\"password\":\"•••\",\"x\":\"y\"}"`,
    ],
    ['{"password":12345678,"seq":12345678}', '{"password":•••,"seq":12345678}'],
    ['{"Authorization":"Bearer abc.def","id":1}', '{"Authorization":"•••","id":1}'],
    ['{"headers":["Bearer eyJhbGci.0iJ9"]}', '{"headers":["Bearer •••"]}'],
    ['{"op":"auth","args":["KEY",1699999999,"SIG"]}', '{"op":"auth","args":["•••",1699999999,"•••"]}'],
    ['{"op":"auth","args":["ab",1699999999,"SIG"]}', '{"op":"auth","args":["ab",1699999999,"•••"]}'],
    ['{"op":"authKeyExpires","args":["k]e, y", 1, "SIG"]}', '{"op":"authKeyExpires","args":["•••", 1, "•••"]}'],
    ['{"params":["abc","def"],"method":"user.auth"}', '{"params":["•••","•••"],"method":"user.auth"}'],
    [
      String.raw`x = "{\"op\":\"auth\",\"args\":[\"KEY\",1699999999,\"SIG\"]}"`,
      String.raw`x = "{\"op\":\"auth\",\"args\":[\"•••\",1699999999,\"•••\"]}"`,
    ],
    [
      '{"op":"login","args":[{"apiKey":"abc","timestamp":"1699999999","passphrase" : "x"}]}',
      '{"op":"login","args":[{"apiKey":"•••","timestamp":"•••","passphrase" : "•••"}]}',
    ],
    [`{"method":"SUBSCRIBE","params":["btcusdt@trade","${LISTEN_KEY}"],"id":1}`, SUBSCRIBE],
    [`x = "{\\"params\\":[\\"${LISTEN_KEY}\\"]}"`, 'x = "{\\"params\\":[\\"•••\\"]}"'],
    [`{"params":["${LISTEN_KEY}@account"]}`, '{"params":["•••@account"]}'],
    [`{"args":["${JWT}"]}`, '{"args":["•••"]}'],
    ['{"action":"auth","params":"SECRETKEY"}', '{"action":"auth","params":"•••"}'],
    [
      String.raw`x = ["{\"action\":\"auth\",\"params\":\"SECRETKEY\"}"]`,
      String.raw`x = ["{\"action\":\"auth\",\"params\":\"•••\"}"]`,
    ],
    [`{"action":"subscribe","params":"${LISTEN_KEY}"}`, '{"action":"subscribe","params":"•••"}'],
    ['{"action":"auth","params":"{secret:KEY}"}', null],
    ['{"action":"subscribe","params":"T.MSFT,T.AAPL"}', null],
    [
      '{"signature":["abc","d"],"password" : [ "x" ],"of":["y"]}',
      '{"signature":["•••","•••"],"password" : [ "•••" ],"of":["y"]}',
    ],
    ['{"token":["BTC","ETH"],"keys":["a"]}', null],
    [`{"token":["${LISTEN_KEY}"]}`, '{"token":["•••"]}'],
    ['{"AccessKeyId":"abc","SignatureVersion":"2"}', '{"AccessKeyId":"•••","SignatureVersion":"2"}'],
    ['{"key2":"trade:1m","token_1":"BTC"}', null],
    ['LOGIN bob hunter two', 'LOGIN •••'],
    ['AUTH|bob|hunter2|', 'AUTH|•••'],
    ['SUB x\nLOGIN bob x\r\nSUB y', 'SUB x\nLOGIN •••\r\nSUB y'],
    ['subscribe_raw = ["LOGIN bob hunter2"]', 'subscribe_raw = ["LOGIN •••'],
    ['LOGIN {secret:USER} {secret:PASSWORD}', null],
    ['Login failed for this account', null],
    ['auth=hunter|sub=BTC|key=trade', 'auth=•••|sub=BTC|key=trade'],
    ['sub=1;password=a b', 'sub=1;password=••• b'],
    ['sub=BTC|design=x|depth=10', null],
    ['{"method":"accountSubscribe","params":["CM78CPUeXjn8o3yroDHxUtKsZZgoy4GPkPPXfouKNH12"]}', null],
    ['{"op":"auth","args":["{secret:KEY}","{hmac-sha256-hex:KEY:GET}"]}', null],
    ['{"op":"subscribe","args":["orderbook.50.BTCUSDT","author.login"]}', null],
    ['{"method":"SUBSCRIBE","params":["btcusdt@trade","btcusdt@depth20@100ms"],"id":1}', null],
    ['{"sequence":1699999999,"sign":-1,"auth":true,"token":12345}', null],
    ['{"event":"subscribe","key":"trade:1m:tBTCUSD"}', null],
    [
      '{"method":"login","params":{"key":"abc12345","sid":"x1"}}',
      '{"method":"login","params":{"key":"•••","sid":"•••"}}',
    ],
    ['{"event":"subscribe","session":"regular","sid":"BTC"}', null],
    ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic •••'],
    ['authorization: Token abc12345', 'authorization: Token •••'],
    ['{"headers":["Basic dXNlcjpwYXNz"]}', '{"headers":["Basic •••"]}'],
    [`X-MBX-APIKEY: ${LISTEN_KEY}\r\nAccept: x`, 'X-MBX-APIKEY: •••\r\nAccept: x'],
    ['Basic subscription, pre-auth: disabled, x-key: unknown', null],
    ['{"token":"BTC","key":"ticker"}', null],
  ])('[L10] in a message: %s', (message, shown) => {
    expect(withoutClearKeys(message)).toBe(shown ?? message);
  });

  it.each([
    ['wss://mainnet.infura.io/ws/v3/9aa3d95b3bc440fa88ea12eaa4456161', 'wss://mainnet.infura.io/ws/v3/•••'],
    ['wss://a/v2/x3Yk-Qm7_pL0vB2nT9sWfR4hJ6dZ8cUa?x=1', 'wss://a/v2/•••?x=1'],
    ['wss://a/0f8fad5b-d9cb-469f-a165-70867728950e/', 'wss://a/•••/'],
    ['/v3/9aa3d95b3bc440fa88ea12eaa4456161', '/v3/•••'],
    [`wss://a/ogws?network=ethereum&dkey=${LIKE_AN_ACCOUNT}`, 'wss://a/ogws?network=ethereum&dkey=•••'],
    [`wss://a/ogws?network=ethereum&x=${LIKE_AN_ACCOUNT}`, 'wss://a/ogws?network=ethereum&x=•••'],
    [`wss://a/ogws/${LIKE_AN_ACCOUNT}/eth`, 'wss://a/ogws/•••/eth'],
    [`wss://a/${JWT}/eth`, 'wss://a/•••/eth'],
    [`wss://a/?x=${JWT}&y=z`, 'wss://a/?x=•••&y=z'],
    ['wss://a/?x=9aa3D95b3bC440fA%2B8ea12Eaa4456161%3D%3D&y=z', 'wss://a/?x=•••&y=z'],
    ['wss://a/?x=9aa3D95b3bC440fA%2F8ea12Eaa4456161q01%3D&y=z', 'wss://a/?x=•••&y=z'],
    ['wss://a/9aa3D95b3bC440fA%2F8ea12Eaa4456161q01%3D/', 'wss://a/•••/'],
    [`wss://a/ws/btcusdt@trade/${LISTEN_KEY}@account`, 'wss://a/ws/btcusdt@trade/•••@account'],
    ['wss://a/ws?api%5Fkey=abc&x%2Dtoken=d', 'wss://a/ws?api%5Fkey=•••&x%2Dtoken=•••'],
    ['wss://user:abc@host:9/ws', 'wss://•••@host:9/ws'],
    ['wss://abc@host/ws?x=y', 'wss://•••@host/ws?x=y'],
    ['https://user:a/b?c@d@host/', 'https://•••@host/'],
    [`wss://a/stream?streams=${LISTEN_KEY}`, 'wss://a/stream?streams=•••'],
    [
      `wss://a/stream?v=1&streams=btcusdt@trade/${LISTEN_KEY}/ethusdt@trade&x=y`,
      'wss://a/stream?v=1&streams=btcusdt@trade/•••/ethusdt@trade&x=y',
    ],
  ])('[L10] in a part of an address: %s', (address, shown) => {
    expect(withoutClearKeys(address)).toBe(shown);
  });

  it.each([
    'wss://stream.binance.com:9443/ws/btcusdt@kline_1m/1000pepeusdt@depth20@100ms',
    'wss://ws.okx.com:8443/ws/v5/public',
    'wss://ws.okx.com:8443/ws/btcusdt@trade',
    'ws://[::1]:8443/ws/btcusdt@trade',
    'wss://a/publicMarketTradesOfPerpetualFuturesOrderBook',
    'wss://a/?topics=/market/ticker:BTC-USDT,/contractMarket/level2Depth50:XBTUSDTM',
    'wss://a/market-data-v1-spot-usdt-m-1000pepeusdt-100ms-depth20',
    'wss://a/BTC-27SEP24-60000-C/publicTradesBTCUSDTPerpetual2024',
    'wss://a/pools/0xdAC17F958D2ee523a2206206994597C13D831ec7',
    'wss://a/stream?streams=btcusdt@kline_1m/1000pepeusdt@depth20@100ms&timeUnit=MICROSECOND',
    'wss://a/?instruments=BTC-27SEP24-60000-C,ETH-27SEP24-3000-P&since=20240927T101112.123456',
    'wss://a/{secret:KEY}/20240927-20241227-20250328',
  ])('[L10] no symbol, channel or contract is one: %s', (address) => {
    expect(clearKeysIn(address)).toEqual([]);
  });

  it('[L10] of random keys in a path or a query hardly one is shown', () => {
    const keys = Array.from({ length: 2_000 }, (_, i) => createHash('sha256').update(`${i}`).digest('base64url'));
    const shown = keys.filter((key) =>
      [`wss://a/${key}/`, `wss://a/?x=${key}`].some((url) => !withoutClearKeys(url).includes('•••')),
    );
    expect(shown.length).toBeLessThan(10);
  });

  it.each([
    ['url = "wss://bob:hunter2secret 1@x/ws"', 'url = "wss://•••@x/ws"'],
    ['url = "wss://bob:12345 6@x/ws"', 'url = "wss://•••@x/ws"'],
    ['url = "wss://bob:hun"ter/t@wo@x/ws', 'url = "wss://•••@x/ws'],
    ['url = "wss://hunter two@x"', 'url = "wss://•••@x"'],
    ['url = "wss://a:8443/ws/btcusdt@trade', null],
    ['url = "wss://[::1]:8443/ws/btcusdt@trade', null],
    ['url = wss://a/ws # mine@home', null],
    ['api_key_secret_1 = x', 'api_key_secret_1 = •••'],
    ['APIKEY2 = x', 'APIKEY2 = •••'],
    ['pw = x y', 'pw = •••'],
  ])('[L10] of a faulty line that is quoted nothing of a login is left: %s', (line, shown) => {
    expect(quotedLine(line)).toBe(shown ?? line);
  });

  it('[L10] a long line that never ends is looked through at once', () => {
    const login = '{"op":"auth","args":[';
    const lines = ['"a",', '\\', '\\"', '\\\\"'].map((part) => login + part.repeat(20_000));
    const begun = performance.now();
    lines.push('wss://a:b'.repeat(20_000), 'wss://a b'.repeat(20_000), 'a'.repeat(100_000));
    lines.push('a=b,'.repeat(40_000), '"a":"'.repeat(20_000), 'LOGIN '.repeat(20_000));
    lines.push('a-'.repeat(20_000), 'a-key: '.repeat(10_000));
    for (const line of [...lines, `{"password":"${'\\'.repeat(40_000)}`]) quotedLine(line);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('[L10] of two that begin alike nothing is left', () => {
    expect(withoutClearKeys('wss://a/?token=abc wss://b/?token=abcdef')).toBe('wss://a/?token=••• wss://b/?token=•••');
  });

  it('[L10] of all that venues were asked and said in the recordings only the token of KuCoin’s address is one', () => {
    const folder = resolve(import.meta.dirname, '../fixtures/captures');
    const texts = readdirSync(folder)
      .filter((name) => name.endsWith('.txt'))
      .flatMap((name) => readCapture(readFileSync(join(folder, name), 'utf8')))
      .flatMap(({ payload }) => (typeof payload === 'string' ? [payload] : []));
    expect(texts.length).toBeGreaterThan(500);
    expect(texts.flatMap(clearKeysIn)).toEqual([{ name: 'token', value: 'TOKEN', written: 'token=TOKEN' }]);
  });

  it('[L10] no preset has one', () => {
    for (const [name, preset] of builtInPresets()) {
      for (const text of textsIn(preset)) expect(clearKeysIn(text), `${name}: ${text}`).toEqual([]);
    }
  });
});
