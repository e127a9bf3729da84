-- migrate:up

-- How neighbouring versions of a list differ. Versions never change, so a difference that was counted once
-- stays true, also where a version that was loaded later came to stand between the two.
create table list_change (
    list_id text not null,
    since integer not null,
    version integer not null,
    added integer not null check (added >= 0),
    removed integer not null check (removed >= 0),
    changed integer not null check (changed >= 0),
    primary key (list_id, version, since),
    foreign key (list_id, since) references list_version (list_id, version),
    foreign key (list_id, version) references list_version (list_id, version)
);

comment on table list_change is 'entries added, removed and changed from one version (since) to another';

-- Null says that a version was never confirmed; 1970 said so before.
update list_version set checked_at = null where checked_at = '1970-01-01T00:00:00Z';

do $$
begin
    if exists (select from pg_roles where rolname = 'hirescreen_app') then
        grant select, insert on list_change to hirescreen_app;
    end if;
end
$$;

-- migrate:down

drop table list_change;
