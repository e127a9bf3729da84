-- migrate:up

-- What a file holds and its list does not, by reason: parties no longer listed, rows given twice.
alter table list_version add column left_out jsonb not null default '{}';

comment on column list_version.left_out is 'reason -> how many records of the files are no entries of the list';

-- Why a held version was approved or refused, in the words of who did. They stand beside the audit log, which holds
-- a commitment to them.
alter table list_approval add column reason text not null default '';
alter table list_held add column settled_reason text not null default '';

-- A key that was made for a person acts in that person's name where a person is asked for, so that nobody counts
-- twice, whichever way an approval comes.
alter table api_key add column account_id uuid references account (id);

comment on column api_key.account_id is 'the person whose key it is; null for a program''s';

do $$
begin
    if exists (select from pg_roles where rolname = 'hirescreen_app') then
        grant update (settled_reason) on list_held to hirescreen_app;
    end if;
end
$$;

-- migrate:down

alter table api_key drop column account_id;
alter table list_held drop column settled_reason;
alter table list_approval drop column reason;
alter table list_version drop column left_out;
