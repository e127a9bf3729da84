-- migrate:up

-- Bundles of list files that were verified and taken in, so that no older one is taken after them. Which lists came
-- into service by them is told by the list versions and the audit log.
create table list_bundle (
    vkey text not null check (vkey <> ''),
    sequence bigint not null check (sequence > 0),
    created_at timestamptz not null,
    manifest_sha256 text not null check (manifest_sha256 ~ '^[0-9a-f]{64}$'),
    taken_at timestamptz not null default now(),
    taken_by text not null check (taken_by <> ''),
    primary key (vkey, sequence)
);

comment on column list_bundle.vkey is 'the verifier key by which it was verified';
comment on column list_bundle.sequence is 'grows from one bundle of a site to the next';

do $$
begin
    if exists (select from pg_roles where rolname = 'hirescreen_app') then
        grant select, insert on list_bundle to hirescreen_app;
    end if;
end
$$;

-- migrate:down

drop table list_bundle;
