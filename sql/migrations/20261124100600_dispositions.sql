-- migrate:up

-- What people decided about a screening that a machine may not settle. The reason in their words is personal data:
-- it stands among the disclosures of the audit entry only, from where it can be erased.
create table disposition (
    id uuid primary key,
    screening_id uuid not null references screening (id),
    account_id uuid not null references account (id),
    role text not null check (role <> ''),
    verdict text not null check (verdict in ('clear', 'block', 'escalate')),
    at timestamptz not null default now(),
    settles boolean not null,
    entry_id uuid not null
);

comment on column disposition.role is 'what the person was when signing';
comment on column disposition.settles is 'whether two people agree by this word';

create index disposition_screening_idx on disposition (screening_id, id);

-- The queue: what waits, the oldest first.
create index screening_for_people_idx on screening (id) where decision <> 'allow';

do $$
begin
    if exists (select from pg_roles where rolname = 'hirescreen_app') then
        grant select, insert on disposition to hirescreen_app;
    end if;

    if exists (select from pg_roles where rolname = 'hirescreen_eraser') then
        grant select on disposition to hirescreen_eraser;
    end if;
end
$$;

-- migrate:down

drop index screening_for_people_idx;
drop table disposition;
