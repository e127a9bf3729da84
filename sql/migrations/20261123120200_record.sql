-- migrate:up

-- The record: what was decided, and the append-only audit log. Personal data stands in the *_private
-- tables only, so that it can be erased while the log stays whole.

create table audit_entry (
    id bigint generated always as identity primary key,
    entry_id uuid not null unique,
    xid xid8 not null default pg_current_xact_id(),
    at timestamptz not null default clock_timestamp(),
    leaf bytea not null check (octet_length(leaf) between 1 and 65535)
);

comment on column audit_entry.xid is 'the writing transaction: how the sealer finds rows that committed late';

create index audit_entry_at_idx on audit_entry using brin (at);

create table audit_private (
    id bigint primary key references audit_entry (id),
    disclosures text[] not null
);

create table screening (
    id uuid primary key,
    audit_entry_id uuid not null,
    tenant text not null,
    actor text not null,
    reference text,
    decision text not null check (decision in ('allow', 'review', 'deny')),
    stage text not null,
    as_of text not null,
    decided_at timestamptz not null,
    clauses text[] not null,
    lists text[] not null
);

comment on column screening.reference is 'the reference that the caller gave; no personal data';

create table screening_private (
    screening_id uuid primary key references screening (id),
    request bytea not null,
    answer bytea not null
);

create table idempotency (
    actor text not null,
    key text not null,
    fingerprint text not null,
    screening_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (actor, key)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only: % refused', tg_op using errcode = 'insufficient_privilege';
end
$$;

create trigger audit_entry_keeps_its_rows
    before update or delete on audit_entry for each row execute function refuse_change();
create trigger audit_entry_is_never_emptied
    before truncate on audit_entry for each statement execute function refuse_change();

-- "always": also where session_replication_role would silence an ordinary trigger
alter table audit_entry enable always trigger audit_entry_keeps_its_rows;
alter table audit_entry enable always trigger audit_entry_is_never_emptied;

-- migrate:down

drop table idempotency;
drop table screening_private;
drop table screening;
drop table audit_private;
drop table audit_entry;
drop function refuse_change();
