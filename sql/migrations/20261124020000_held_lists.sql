-- migrate:up

-- Versions that were doubtful when they came: stored, never in service, until two people have approved
-- them. An approval is of one version in place of another; once another one serves, it no longer counts.

create table list_held (
    list_id text not null,
    version integer not null,
    against integer not null check (against >= 0),
    reasons jsonb not null,
    entries_digest text not null check (entries_digest ~ '^[0-9a-f]{64}$'),
    proposed_by text not null check (proposed_by <> ''),
    held_at timestamptz not null default now(),
    state text not null default 'held' check (state in ('held', 'approved', 'refused', 'superseded')),
    settled_at timestamptz,
    settled_by text,
    primary key (list_id, version),
    foreign key (list_id, version) references list_version (list_id, version)
);

comment on column list_held.against is 'the version that served when the reasons were found; 0 where none did';
comment on column list_held.reasons is 'objects with code, detail and the option that sets the reason aside';
comment on column list_held.proposed_by is 'kind and id of who brought the file: job:refresh, cli:local, account:…';

create index list_held_digest_idx on list_held (list_id, entries_digest);

create table list_approval (
    list_id text not null,
    version integer not null,
    against integer not null,
    account_id uuid not null references account (id),
    allows_older boolean not null,
    at timestamptz not null default now(),
    primary key (list_id, version, against, account_id),
    foreign key (list_id, version) references list_held (list_id, version)
);

do $$
begin
    if exists (select from pg_roles where rolname = 'hirescreen_app') then
        grant select, insert on list_held, list_approval to hirescreen_app;
        grant update (against, reasons, state, settled_at, settled_by) on list_held to hirescreen_app;
    end if;
end
$$;

-- migrate:down

drop table list_approval;
drop table list_held;
