-- migrate:up

-- The sealed log: entries numbered as leaves of a Merkle tree, the tree's full tiles, and its signed
-- heads. One origin follows another only where the record was lost or damaged; the current one is the
-- last. Its sealer alone writes here.

create table audit_log (
    id integer generated always as identity primary key,
    origin text not null unique check (origin <> ''),
    previous integer references audit_log (id),
    created_at timestamptz not null default clock_timestamp()
);

comment on column audit_log.previous is 'the log that this one continues; its first leaf cites the last head of that';

-- No foreign key to audit_entry: its check would write a lock into every entry. The sealer reads each leaf
-- again together with its entry, which says more.
create table audit_leaf (
    log integer not null references audit_log (id),
    leaf_index bigint not null check (leaf_index >= 0),
    entry bigint not null,
    leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
    primary key (log, leaf_index),
    unique (log, entry)
);

create table audit_tile (
    log integer not null references audit_log (id),
    level smallint not null check (level between 0 and 7),
    number bigint not null check (number >= 0),
    hashes bytea not null check (octet_length(hashes) = 8192),
    root bytea not null check (octet_length(root) = 32),
    primary key (log, level, number)
);

comment on table audit_tile is 'full tiles only: what a tile holds so far stands in audit_leaf or in the roots below';

create table audit_checkpoint (
    log integer not null references audit_log (id),
    size bigint not null check (size > 0),
    root bytea not null check (octet_length(root) = 32),
    note text not null,
    signed_at timestamptz not null default clock_timestamp(),
    primary key (log, size)
);

create table audit_sealer (
    one boolean primary key default true check (one),
    mark xid8 not null default '0',
    cluster text not null default '',
    swept_at timestamptz not null default '-infinity',
    stopped text,
    stopped_at timestamptz
);

comment on column audit_sealer.mark is 'every entry of an older transaction has its leaf';
comment on column audit_sealer.cluster is 'the server that gave the mark: another one counts its transactions anew';
comment on column audit_sealer.stopped is 'why nothing is signed any more; null while all is well';

insert into audit_sealer default values;

-- how the sealer finds what is new
create index audit_entry_xid_idx on audit_entry (xid, id);

do $$
declare
    kept text;
begin
    foreach kept in array array['audit_log', 'audit_leaf', 'audit_tile', 'audit_checkpoint'] loop
        execute format('create trigger %I before update or delete on %I
            for each row execute function refuse_change()', kept || '_keeps_its_rows', kept);
        execute format('create trigger %I before truncate on %I
            for each statement execute function refuse_change()', kept || '_is_never_emptied', kept);
        execute format('alter table %I enable always trigger %I', kept, kept || '_keeps_its_rows');
        execute format('alter table %I enable always trigger %I', kept, kept || '_is_never_emptied');
    end loop;

    begin
        create role hirescreen_sealer nologin;
    exception
        when duplicate_object or unique_violation or insufficient_privilege then null;
    end;
    begin
        grant hirescreen_sealer to current_user;
    exception
        when undefined_object or insufficient_privilege or invalid_grant_operation then null;
    end;

    if exists (select from pg_roles where rolname = 'hirescreen_sealer') then
        -- an entry of its own (a new key, an alarm) by the same columns as anybody
        grant select, insert (entry_id, leaf) on audit_entry to hirescreen_sealer;
        grant select, insert (log, leaf_index, entry, leaf_hash) on audit_leaf to hirescreen_sealer;
        grant select, insert (log, level, number, hashes, root) on audit_tile to hirescreen_sealer;
        grant select, insert (log, size, root, note) on audit_checkpoint to hirescreen_sealer;
        grant select, insert (origin, previous) on audit_log to hirescreen_sealer;
        grant select, update (mark, cluster, swept_at, stopped, stopped_at) on audit_sealer to hirescreen_sealer;
    end if;
    for kept in
        select rolname from pg_roles where rolname in ('hirescreen_app', 'hirescreen_exporter')
    loop
        execute format('grant select on audit_log, audit_leaf, audit_tile, audit_checkpoint, audit_sealer to %I', kept);
    end loop;
end
$$;

-- migrate:down

drop index audit_entry_xid_idx;
drop table audit_sealer;
drop table audit_checkpoint;
drop table audit_tile;
drop table audit_leaf;
drop table audit_log;

do $$
begin
    if exists (select from pg_roles where rolname = 'hirescreen_sealer') then
        revoke all on all tables in schema public from hirescreen_sealer;
    end if;
end
$$;
