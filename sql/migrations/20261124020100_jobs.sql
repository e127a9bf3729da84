-- migrate:up

-- Every attempt to bring a list up to date, and how it ended; no personal data. The queue of the jobs is
-- procrastinate's own: its tables are made by procrastinate where jobs run, and job_schema says which
-- of its versions made them.

create table list_attempt (
    id bigint generated always as identity primary key,
    list_id text not null check (list_id <> ''),
    at timestamptz not null default now(),
    trigger text not null check (trigger in ('schedule', 'command', 'import')),
    outcome text not null check (outcome in ('loaded', 'unchanged', 'held', 'rejected', 'failed')),
    detail text,
    version integer,
    added integer,
    removed integer,
    changed integer
);

comment on column list_attempt.detail is 'why it did not get through, in one line';
comment on column list_attempt.added is 'entries against the version that served before; null unless loaded';

create index list_attempt_list_idx on list_attempt (list_id, id desc);

create table job_schema (
    version text primary key,
    applied_at timestamptz not null default now()
);

do $$
begin
    if exists (select from pg_roles where rolname = 'hirescreen_app') then
        grant select, insert on list_attempt to hirescreen_app;
    end if;
end
$$;

-- migrate:down

drop table job_schema;
drop table list_attempt;
