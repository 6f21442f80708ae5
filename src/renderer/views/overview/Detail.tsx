import { stateText } from '../../../shared/linkState.ts';
import { urlInUse } from '../../../shared/linkView.ts';
import { gateLook, gateWhy } from '../../gateLook.ts';
import { stateDetail, whyText } from '../../standing.ts';
import { useAtNow, useLink } from '../../store/hooks.ts';
import { NameWithin } from '../../ui/NameWithin.tsx';

/** As `table.css` has it. */
const NAME_PX = 320;
const NAME_FONT = '600 12px';

/** The whole sentence of the row that is pointed at or focused: cells are too narrow for some reasons. */
export function Detail({ name }: { readonly name: string | null }) {
  const link = useLink(name ?? '');
  const gate = useAtNow((now) => (link === null ? '' : gateWhy(link.gate, now)), '');
  if (link === null) return <p className="detail" />;
  const why = whyText(link);
  const detail = stateDetail(link);
  const state = stateText(link.state);
  const shut = link.gate.kind === 'closed' ? `: ${gate}` : '';
  return (
    <p className="detail" data-testid="row-detail">
      <span className="detail-name">
        <NameWithin name={link.name} px={NAME_PX} font={NAME_FONT} />
      </span>
      <span>
        {why.startsWith(state) ? why : state}
        {detail !== '' && link.state.kind === 'up' ? ` (${detail})` : ''}
        {why !== '' && !why.startsWith(state) ? ` – ${why}` : ''}
        <span className="dim">
          {' '}
          · gate {gateLook(link.gate).word}
          {shut} · {urlInUse(link)}
        </span>
      </span>
    </p>
  );
}
