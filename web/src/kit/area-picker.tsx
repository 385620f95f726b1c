/**
 * Chooses areas from the tree: how many clusters each has and how many of them can be reached now, and a search that
 * finds `da dung` in `Đá Dựng`. What is ticked above covers everything below it.
 */
import { TextInput } from '@mantine/core';
import { IconChevronRight, IconSearch } from '@tabler/icons-react';
import { useId, useMemo, useState } from 'react';
import { usePicture } from '../live/use-live.tsx';
import { type AreaNode, areaTree, chainOf, findAreas, type Tick, tickOf, toggleArea } from '../model/area-tree.ts';
import { useSay } from '../text/use-say.ts';
import styles from './area-picker.module.css';

/** With fewer areas than this a search field would only be in the way. */
const searchFrom = 8;
/** Trees up to this size stand open. */
const openUpTo = 24;

export function AreaPicker(props: {
  chosen: readonly string[];
  onChange: (areaIds: string[]) => void;
  tone?: 'alarm';
  /** One area only, as radio buttons. */
  isSingle?: boolean;
  /** Only this area and what lies below it. */
  below?: string;
  /** Named groups are left out. */
  withoutGroups?: boolean;
}) {
  const say = useSay();
  const name = useId();
  const areas = usePicture('areas');
  const clusters = usePicture('clusters');
  const [wanted, setWanted] = useState('');
  const [flipped, setFlipped] = useState<ReadonlySet<string>>(new Set());
  const chosen = useMemo(() => new Set(props.chosen), [props.chosen]);
  const { below, withoutGroups } = props;
  const roots = useMemo(() => {
    const offered = [...areas].filter(
      ([id, area]) =>
        (below === undefined || chainOf(areas, id).includes(below)) && !(withoutGroups && area.kind === 'group'),
    );
    return areaTree(offered.length === areas.size ? areas : new Map(offered), clusters);
  }, [areas, clusters, below, withoutGroups]);
  const found = useMemo(() => (wanted.trim() === '' ? roots : findAreas(roots, wanted)), [roots, wanted]);
  const isOpen = (node: AreaNode, depth: number): boolean => {
    const byDefault = wanted.trim() !== '' || areas.size <= openUpTo || depth === 0;
    return flipped.has(node.area.id) ? !byDefault : byDefault;
  };
  const flip = (id: string) => {
    const next = new Set(flipped);
    if (!next.delete(id)) next.add(id);
    setFlipped(next);
  };
  const rowsOf = (nodes: readonly AreaNode[], depth: number): Row[] =>
    nodes.flatMap((node) => [
      { node, depth, isOpen: isOpen(node, depth) },
      ...(node.children.length > 0 && isOpen(node, depth) ? rowsOf(node.children, depth + 1) : []),
    ]);
  const rows = rowsOf(found, 0);
  return (
    <div className={styles.picker} data-tone={props.tone}>
      {areas.size >= searchFrom && (
        <TextInput
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
          placeholder={say('areas.search')}
          aria-label={say('areas.search')}
          leftSection={<IconSearch size={20} aria-hidden />}
          type="search"
        />
      )}
      {rows.length === 0 && (
        <p className={styles.none} role="status">
          {say('areas.none-found', { wanted })}
        </p>
      )}
      <ul className={styles.rows}>
        {rows.map((row) => (
          <AreaRow
            key={row.node.area.id}
            row={row}
            tick={props.isSingle ? (chosen.has(row.node.area.id) ? 'on' : 'off') : tickOf(row.node, chosen)}
            {...(props.isSingle ? { radioName: name } : {})}
            onTick={() => props.onChange(props.isSingle ? [row.node.area.id] : [...toggleArea(row.node, chosen)])}
            onFlip={() => flip(row.node.area.id)}
          />
        ))}
      </ul>
    </div>
  );
}

interface Row {
  node: AreaNode;
  depth: number;
  isOpen: boolean;
}

function AreaRow(props: { row: Row; tick: Tick; radioName?: string; onTick: () => void; onFlip: () => void }) {
  const say = useSay();
  const { node, depth, isOpen } = props.row;
  const { area, clusters, reachable } = node;
  const isShort = clusters > reachable;
  return (
    <li className={styles.row} data-tick={props.tick} style={{ paddingInlineStart: `${depth * 1.6}rem` }}>
      <label className={styles.label}>
        <input
          type={props.radioName === undefined ? 'checkbox' : 'radio'}
          name={props.radioName}
          checked={props.tick === 'on'}
          ref={(element) => {
            if (element !== null) element.indeterminate = props.tick === 'part';
          }}
          onChange={props.onTick}
        />
        <span className={styles.name} data-kind={area.kind}>
          {area.name}
        </span>
        {(area.kind !== 'group' || clusters > 0) && (
          <span className={styles.count} data-short={isShort}>
            {isShort
              ? say('areas.count-reachable', { count: clusters, reachable })
              : say('clusters.count', { count: clusters })}
          </span>
        )}
      </label>
      {node.children.length > 0 && (
        <button
          type="button"
          className={styles.flip}
          data-open={isOpen}
          aria-expanded={isOpen}
          aria-label={say(isOpen ? 'areas.close' : 'areas.open', { name: area.name })}
          onClick={props.onFlip}
        >
          <IconChevronRight size={22} aria-hidden />
        </button>
      )}
    </li>
  );
}
