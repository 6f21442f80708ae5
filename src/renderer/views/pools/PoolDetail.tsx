import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { PoolView } from '../../../shared/pool.ts';
import { plural } from '../../format.ts';
import { useCommands } from '../../store/commands.ts';
import { usePool } from '../../store/hooks.ts';
import { useOffline } from '../../store/offline.ts';
import { ActionButton } from '../../ui/ActionButton.tsx';
import { Confirm } from '../../ui/Confirm.tsx';
import { letterKey } from '../../ui/letterKey.ts';
import { isTyping } from '../../ui/Shortcuts.tsx';
import { WideBox } from '../../ui/WideBox.tsx';
import { Alerts } from './Alerts.tsx';
import { Counts } from './Counts.tsx';
import { Origins } from './Origins.tsx';
import { Warmth } from './Warmth.tsx';

/** Everything known about one pool, and what a person can do to it. */
export function PoolDetail({ name }: { readonly name: string }) {
  const pool = usePool(name);
  if (pool === null) {
    return (
      <p className="loading">
        There is no pool named “<bdi>{name}</bdi>”. It may have been removed or renamed.
      </p>
    );
  }
  return (
    <section className="pool-detail" aria-label={`Pool ${name}`}>
      <header className="pool-head">
        <h2>
          <bdi>{name}</bdi>
        </h2>
        <Actions pool={pool} />
      </header>
      <WideBox label={`Origins of ${name}`}>
        <Origins pool={pool} />
      </WideBox>
      <div className="pool-panels">
        <Warmth pool={pool} />
        <Counts pool={pool} />
        <Alerts pool={pool} />
      </div>
    </section>
  );
}

function Actions({ pool }: { readonly pool: PoolView }) {
  const commands = useCommands();
  const offline = useOffline();
  const [asking, setAsking] = useState(false);
  const [said, setSaid] = useState('');
  const button = useRef<HTMLButtonElement>(null);
  const { name } = pool;
  const open = pool.active + pool.idle;

  const cold = offline ?? (pool.enabled ? null : 'This pool is off: enabled = false in its settings');
  const blocked = offline ?? (open === 0 ? 'It has no open socket' : null);
  const warm = (): void => {
    setSaid('');
    commands.warmPool(name);
  };
  usePageKey((key) => {
    if (key === 'w' && cold === null) warm();
    else if (key === 'Shift d' && blocked === null) setAsking(true);
  });

  const destroy = async (): Promise<void> => {
    const closed = await commands.destroyPool(name);
    setSaid(closed === null ? '' : `${plural(closed, 'socket')} closed`);
  };

  return (
    <>
      <span className="said" role="status">
        {said}
      </span>
      <ActionButton
        className="button primary"
        blocked={cold}
        aria-label={`Warm now: ${name}`}
        title="Opens and asks whatever is missing of the wanted sockets, now (w)"
        onClick={warm}
      >
        Warm now
      </ActionButton>
      <ActionButton
        ref={button}
        className="button danger apart"
        blocked={blocked}
        aria-label={`Destroy ${name}`}
        aria-haspopup="dialog"
        title="Closes every socket of this pool (Shift+d)"
        onClick={() => setAsking(true)}
      >
        Destroy
      </ActionButton>
      {asking && (
        <Confirm
          title={`Destroy the pool ${name}?`}
          act="Destroy"
          onAct={() => void destroy()}
          onClose={() => setAsking(false)}
          opener={button}
        >
          All {plural(open, 'open socket')} to {plural(pool.origins.length, 'origin')} are closed now
          {pool.active > 0 ? `, ${pool.active} of them in the middle of a request` : ''}. The next request, or Warm now,
          opens new ones and pays for their handshakes.
        </Confirm>
      )}
    </>
  );
}

/** Wherever the focus is on the page: the keys are of the pool that is shown. */
function usePageKey(press: (key: string) => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!event.repeat && !isTyping(event)) press(letterKey(event));
  });
  useEffect(() => {
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
