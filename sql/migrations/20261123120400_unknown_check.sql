-- migrate:up

-- An imported file may never have been confirmed by its publisher: then nobody knows since when it is old.
alter table list_version alter column checked_at drop not null;
alter table list_version alter column checked_at drop default;

comment on column list_version.checked_at is
    'when this content was last confirmed to be the current one; null where nobody knows';

-- migrate:down

update list_version set checked_at = loaded_at where checked_at is null;
alter table list_version alter column checked_at set default now();
alter table list_version alter column checked_at set not null;

comment on column list_version.checked_at is 'when this content was last confirmed to be the current one';
