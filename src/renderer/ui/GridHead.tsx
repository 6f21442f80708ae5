export interface GridColumn {
  readonly key: string;
  readonly head: string;
  readonly unit?: string;
  readonly title: string;
  readonly numeric?: boolean;
}

/** Columns and their heads; `prefix` and the column's key are the class that gives it its width. */
export function GridHead(props: { readonly columns: readonly GridColumn[]; readonly prefix: string }) {
  return (
    <>
      <colgroup>
        {props.columns.map(({ key }) => (
          <col key={key} className={`${props.prefix}-${key}`} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {props.columns.map((column) => (
            <th key={column.key} scope="col" title={column.title} className={column.numeric ? 'num' : undefined}>
              {column.head}
              {column.unit !== undefined && <span className="unit"> {column.unit}</span>}
            </th>
          ))}
        </tr>
      </thead>
    </>
  );
}
