import { stateText } from '../../../shared/linkState.ts';
import { urlInUse } from '../../../shared/linkView.ts';
import { gateWhy } from '../../gateLook.ts';
import { stateDetail, whyText } from '../../standing.ts';
import { useAtNow, useLink } from '../../store/hooks.ts';

/** The whole sentence of the row that is pointed at or focused: cells are too narrow for some reasons. */
export function Detail({ name }: { readonly name: string | null }) {
  const link = useLink(name ?? '');
  const gate = useAtNow((now) => (link === null ? '' : gateWhy(link.gate, now)), '');
  if (link === null) return <p className="detail" />;
  const why = whyText(link);
  const detail = stateDetail(link);
  return (
    <p className="detail" data-testid="row-detail">
      <bdi className="detail-name">{link.name}</bdi>
      <span>
        {stateText(link.state)}
        {detail !== '' && link.state.kind === 'up' ? ` (${detail})` : ''}
        {why !== '' && why !== stateText(link.state) ? ` – ${why}` : ''}
        <span className="dim">
          {' '}
          · gate {link.gate.kind === 'open' ? 'open' : `closed: ${gate}`} · {urlInUse(link)}
        </span>
      </span>
    </p>
  );
}
