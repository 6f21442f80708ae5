/// <reference lib="dom" />
import { createElement, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Line, LineChart, XAxis, YAxis } from 'recharts';
import { duration, fixedMs, rate } from '../../src/renderer/format.ts';
import { stateDetail, toneOf, whyText } from '../../src/renderer/standing.ts';
import { findDoor } from '../../src/renderer/wire.ts';
import { appContract } from '../../src/shared/contract.ts';
import { gateText } from '../../src/shared/gate.ts';
import { stateWord } from '../../src/shared/linkState.ts';
import type { LinkView } from '../../src/shared/linkView.ts';
import { connect } from '../../src/shared/rpc.ts';
import { applyDelta, type Snapshot } from '../../src/shared/snapshot.ts';

/**
 * The overview's table and chart as one would write them first: one state, every row and every line drawn with every
 * frame, five minutes of all links in recharts. What the ui bench compares the product with.
 */
type Point = Readonly<Record<string, number | null>>;

const KEPT = 300;

function Page() {
  const [snapshot, setSnapshot] = useState<Snapshot | null>(null);
  const [points, setPoints] = useState<readonly Point[]>([]);
  useEffect(() => {
    const door = findDoor();
    if (door === null) return;
    const { client } = connect(appContract, door.open().wire);
    client.snapshots(null, (frame) =>
      setSnapshot((held) =>
        frame.kind === 'whole' ? frame.snapshot : held === null ? null : applyDelta(held, frame.delta),
      ),
    );
    client.series(null, (frame) => {
      if (frame.kind === 'points') {
        const values = Object.entries(frame.links).map(([name, { p99Ms }]) => [name, p99Ms] as const);
        setPoints((held) => [...held, { ...Object.fromEntries(values), t: frame.wall }].slice(-KEPT));
        return;
      }
      const names = Object.keys(frame.links);
      const length = Math.max(0, ...names.map((name) => frame.links[name]?.length ?? 0));
      const past = Array.from({ length }, (_, i) => ({
        ...Object.fromEntries(names.map((name) => [name, frame.links[name]?.[i]?.p99Ms ?? null])),
        t: frame.until - (length - 1 - i) * 1000,
      }));
      setPoints(past.slice(-KEPT));
    });
  }, []);
  if (snapshot === null) return <p>Waiting</p>;
  return (
    <>
      <div style={{ height: 400, overflow: 'auto' }}>
        <table>
          <tbody>
            {snapshot.order.map((name) => {
              const link = snapshot.links[name];
              return link === undefined ? null : <Row key={name} link={link} now={snapshot.at} />;
            })}
          </tbody>
        </table>
      </div>
      <LineChart width={1000} height={340} data={[...points]}>
        <XAxis dataKey="t" type="number" domain={['dataMin', 'dataMax']} />
        <YAxis scale="log" domain={['auto', 'auto']} />
        {snapshot.order.map((name) => (
          <Line key={name} dataKey={name} dot={false} isAnimationActive={false} />
        ))}
      </LineChart>
    </>
  );
}

function Row({ link, now }: { readonly link: LinkView; readonly now: Snapshot['at'] }) {
  const minute = link.rtt.windows['1m'];
  const cells = [
    link.name,
    `${toneOf(link)} ${stateWord(link.state)} ${stateDetail(link)}`,
    gateText(link.gate, now, 3000) ?? 'open',
    whyText(link),
    fixedMs(link.rtt.lastMs),
    fixedMs(minute?.p50Ms),
    fixedMs(minute?.p95Ms),
    fixedMs(minute?.p99Ms),
    minute?.count ?? 0,
    link.clocks.dataAt === null ? '–' : duration(now - link.clocks.dataAt),
    rate(link.counters.messagesPerSec),
    link.uptime.upSince === null ? '–' : duration(now - link.uptime.upSince),
    link.counters.connects,
  ];
  return createElement('tr', null, ...cells.map((text) => createElement('td', null, text)));
}

createRoot(document.getElementById('root') as HTMLElement).render(<Page />);
