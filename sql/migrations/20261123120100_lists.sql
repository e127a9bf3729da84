-- migrate:up

-- Sanctions lists in versions. An entry is stored once for each content it ever had; a span says from
-- which version until before which version that content stood in the list. Storage grows with what
-- changes, any version can be read again, and nothing is overwritten.

create table list_version (
    list_id text not null check (list_id <> ''),
    version integer not null check (version > 0),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    published_on date,
    address text,
    files jsonb not null default '{}',
    fetched_at timestamptz,
    checked_at timestamptz not null default now(),
    loaded_at timestamptz not null default now(),
    entries integer not null check (entries >= 0),
    counts jsonb not null default '{}',
    complete boolean not null,
    primary key (list_id, version)
);

comment on column list_version.checked_at is 'when this content was last confirmed to be the current one';
comment on column list_version.complete is 'false where a set of files was loaded in part';

create table list_entry (
    id bigint generated always as identity primary key,
    list_id text not null,
    key text not null check (key <> ''),
    hash bytea not null check (octet_length(hash) = 32),
    body jsonb not null,
    record jsonb not null,
    unique (list_id, key, hash)
);

comment on column list_entry.hash is 'SHA-256 over body and record as the service serialises them';
comment on column list_entry.record is 'the record as the publisher wrote it';

create table list_span (
    list_id text not null,
    key text not null,
    entry_id bigint not null references list_entry (id),
    from_version integer not null,
    until_version integer,
    primary key (list_id, key, from_version),
    foreign key (list_id, from_version) references list_version (list_id, version),
    foreign key (list_id, until_version) references list_version (list_id, version),
    check (until_version > from_version)
);

comment on column list_span.until_version is 'the first version that no longer holds it; null while it stands';

create unique index list_span_open_key on list_span (list_id, key) where until_version is null;

create table list_active (
    list_id text primary key,
    version integer not null,
    activated_at timestamptz not null default now(),
    foreign key (list_id, version) references list_version (list_id, version)
);

-- migrate:down

drop table list_active;
drop table list_span;
drop table list_entry;
drop table list_version;
