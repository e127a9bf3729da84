-- migrate:up

-- Every engine that decided here, as the archive of its modules: a decision is replayed by the one that made it.
create table engine (
    sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
    version text not null,
    rulebook_version text not null,
    rulebook_sha256 text not null,
    archive bytea not null,
    first_seen_at timestamptz not null default now()
);

comment on column engine.sha256 is 'of archive; a leaf names it';

-- The versions of Python and of foreign packages that engines ran with.
create table engine_runtime (
    sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
    versions jsonb not null
);

-- What the operator set that can change a decision.
create table policy (
    sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
    stated jsonb not null
);

-- Which engine and which policy are in force, so that a change is recorded once, whoever sees it first.
create table in_force (
    kind text primary key check (kind in ('engine', 'policy')),
    digest text not null,
    since timestamptz not null default now()
);

-- "Which decisions cite this clause, or rest on this version of a list?" The pages of the history themselves go by
-- the primary key: an id begins with its time.
create index screening_cited_idx on screening using gin (clauses, lists);

do $$
begin
    if exists (select from pg_roles where rolname = 'hirescreen_app') then
        grant select, insert on engine, engine_runtime, policy, in_force to hirescreen_app;
        grant update (digest, since) on in_force to hirescreen_app;
    end if;
end
$$;

-- migrate:down

drop index screening_cited_idx;
drop table in_force;
drop table policy;
drop table engine_runtime;
drop table engine;
